/// Loops ready to use.
///
/// A class belongs here if it is a procedure that more than one user wants, and needs no private door of the loops
/// that it is made of.
package loops.recipes;
