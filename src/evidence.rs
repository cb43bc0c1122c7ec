//! What files say, as far as a tree asks for it. Nothing is read but what the tree declares, nothing is
//! guessed, and what could not be read is counted.

mod read;
