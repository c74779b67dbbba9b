package conformance.kit;

import conformance.check.NotUnderstoodException;

/// A text of a case file that has one meaning only.
public final class Phrase {
    private Phrase() {}

    /// Checks that a text is the one that is known.
    ///
    /// @param known what is known
    /// @param said what the case says
    /// @throws NotUnderstoodException if it is another
    public static void require(String known, String said) {
        if (!known.equals(said)) {
            throw unknown("text", said);
        }
    }

    /// {@return that something is not known}
    ///
    /// @param what what it is
    /// @param said what the case says
    public static NotUnderstoodException unknown(String what, String said) {
        return new NotUnderstoodException("the %s '%s' is not known".formatted(what, said));
    }
}
