//! A tree file as its author wants to know it: the tree if there is one, every problem, the routes.
//! It holds findings and no layout; `ui` shows them to people, `export` gives them to programs.

use crate::tree::{Date, Problem, Routes, Severity, Tree};

/// A tree file and what was found in it.
#[derive(Debug)]
pub struct Checked {
    /// What the file is called.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its problems, in its order.
    pub problems: Vec<Problem>,
    /// The tree, where no problem is an error.
    pub tree: Option<Tree>,
    /// The routes through the tree, where they were asked for and there is a tree.
    pub routes: Option<Routes>,
}

impl Checked {
    /// Checks a file. Dates are judged against `today`; routes are counted where they are asked for.
    #[must_use]
    pub fn new(name: String, text: String, today: Date, routes: bool) -> Checked {
        let (tree, problems) = Tree::check(&text, today);
        Checked {
            routes: tree.as_ref().filter(|_| routes).map(Tree::routes),
            name,
            text,
            problems,
            tree,
        }
    }

    /// How many problems have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let own = self.problems.iter();
        own.filter(|problem| problem.severity() == severity).count()
    }

    /// The ids of the remedies and escalations at which no route ends.
    pub fn unreached(&self) -> impl Iterator<Item = &str> {
        let nodes = self.routes.iter().flat_map(|routes| &routes.unreached);
        let tree = self.tree.as_ref();
        nodes.filter_map(move |node| tree.map(|tree| tree[*node].id.as_str()))
    }
}
