package tensor.io;

/// Text of a file in a message: a hostile file is not to make that as long as itself.
final class Shown {
    private static final int MOST = 200;

    private Shown() {}

    /// {@return the start of a text that is too long, all of another}
    static String of(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST) + "…";
    }
}
