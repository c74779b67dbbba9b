import org.jspecify.annotations.NullMarked;

/// The rules that the class files of all modules keep; a part of the tests, required by nobody.
@NullMarked
module architecture {
    requires static org.jspecify;
}
