package conformance.check;

/// A place where something else was observed than expected.
///
/// @param path the place, as `fit_loop[2].ready`
/// @param expected what was expected, as text
/// @param observed what was observed, as text
public record Difference(String path, String expected, String observed) {
    @Override
    public String toString() {
        return "%s: expected %s, observed %s".formatted(path, expected, observed);
    }
}
