import org.jspecify.annotations.NullMarked;

/// The tests of backends as a program, for machines with a GPU, where no build tool needs to be.
@NullMarked
module gpucheck {
    requires static org.jspecify;
    requires org.junit.platform.launcher;
    requires tensor.testkit;

    // JUnit makes the tests
    opens gpucheck to
            org.junit.platform.commons;

    uses org.junit.platform.engine.TestEngine;
}
