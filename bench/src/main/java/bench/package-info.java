/// What things cost: a class for each question, run by `./loops bench NAME`. A claim of speed is a class here.
@NullMarked
package bench;

import org.jspecify.annotations.NullMarked;
