/// Single operations, on both sides.
@NullMarked
package bench.kernels;

import org.jspecify.annotations.NullMarked;
