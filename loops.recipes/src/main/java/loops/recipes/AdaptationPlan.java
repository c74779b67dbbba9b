package loops.recipes;

import java.util.function.Predicate;

/// What was chosen for an inner loop.
///
/// @param steps how many steps of gradient descent are made
/// @param rate their learning rate
/// @param secondOrder whether the steps can be differentiated themselves
/// @param adapts which parameters are adapted, by their paths
record AdaptationPlan(int steps, double rate, boolean secondOrder, Predicate<String> adapts) {}
