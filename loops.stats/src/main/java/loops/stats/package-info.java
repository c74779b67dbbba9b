/// What may be concluded from a handful of runs: intervals for a mean, tests of a difference.
///
/// A class belongs here if it answers a question about scores of runs and needs nothing but numbers.
package loops.stats;
