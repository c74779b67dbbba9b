/// What a case is, what was observed of it, and how the two are compared. Knows no area and runs no loop.
package conformance.check;
