//! The built program, run as people and scripts run it. No test depends on the language, the
//! colours or the screen reader of whoever runs it.

mod cases;
mod checks;
mod commands;
mod embedded_tree;
mod evidence;
mod export;
mod plain;
mod queries;
mod readme;
mod schema;
mod search;
mod support;
mod terminal;
mod trees;
