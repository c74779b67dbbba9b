import org.jspecify.annotations.NullMarked;

/// Tests that every backend must pass, and the scalar backend they compare with.
@NullMarked
module tensor.testkit {
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;
    requires transitive tensor.api;

    exports tensor.testkit;

    // JUnit calls the tests that a conformance test inherits
    opens tensor.testkit to
            org.junit.platform.commons;

    provides tensor.spi.BackendProvider with
            tensor.testkit.ReferenceProvider;
}
