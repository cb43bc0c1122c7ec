//! From a file to the records in it, one after the other: whatever the file is, what can be read is, and
//! no more of it is kept than what the tree asks for.
