import org.jspecify.annotations.NullMarked;

/// How the tests of all modules run.
@NullMarked
module testing {
    requires static org.jspecify;
}
