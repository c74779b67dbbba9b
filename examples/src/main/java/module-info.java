import org.jspecify.annotations.NullMarked;

/// Programs to run, one file and one idea each.
@NullMarked
module examples {
    requires info.picocli;
    requires loops.recipes;
    requires loops.stats;
    requires static org.jspecify;

    // picocli makes the commands and fills in their options by reflection.
    opens examples to
            info.picocli;
}
