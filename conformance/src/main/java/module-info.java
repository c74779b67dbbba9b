import org.jspecify.annotations.NullMarked;

/// Runs cases that were taken from the original's tests on our loops, and compares.
///
/// `conformance` reads a case file, runs it and reports; `area` has one interpreter for each area of cases, `rule` says
/// where we differ on purpose.
@NullMarked
module conformance {
    requires info.picocli;
    requires java.logging;
    requires loops.core;
    requires static org.jspecify;
    requires tools.jackson.core;

    // picocli fills in the options by reflection.
    opens conformance to
            info.picocli;
}
