/// Whole training steps, on both sides.
@NullMarked
package bench.steps;

import org.jspecify.annotations.NullMarked;
