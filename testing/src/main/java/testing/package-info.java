/// How the tests of all modules run. Here stands what every test run shares; what one module's tests
/// share belongs to that module.
@NullMarked
package testing;

import org.jspecify.annotations.NullMarked;
