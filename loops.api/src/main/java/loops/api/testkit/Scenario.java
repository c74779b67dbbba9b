package loops.api.testkit;

import loops.api.Loop;
import loops.api.Stateful;
import org.jspecify.annotations.Nullable;

/// Everything one run needs, freshly made: a tree of loops, its input, and whatever else is alive in it.
///
/// @param loop the root of the tree
/// @param input what it works on
/// @param world all that the run touches and that is not a declared part of a loop: models, random states, a record of
///     the hooks that were called
/// @param <I> the type of the input
/// @param <O> the type of the output
public record Scenario<I, O extends @Nullable Object>(Loop<I, O> loop, I input, Stateful world) {}
