package loops.core.training;

import java.util.OptionalInt;

/// How many batches of those there are: all, a number, or a part.
///
/// A number and a part are told apart by type, so that one batch is never taken for all of them.
public sealed interface Batches {
    /// All batches.
    record All() implements Batches {
        @Override
        public OptionalInt of(OptionalInt available) {
            return available;
        }
    }

    /// At most this many.
    ///
    /// @param batches from 0
    record Count(int batches) implements Batches {
        /// Checks the number.
        public Count {
            if (batches < 0) {
                throw new IllegalArgumentException(
                        "Batches.count: batches is %d; use a number from 0".formatted(batches));
            }
        }

        @Override
        public OptionalInt of(OptionalInt available) {
            return OptionalInt.of(Math.min(batches, available.orElse(batches)));
        }
    }

    /// This part of them, rounded down.
    ///
    /// @param part from 0 to 1
    record Fraction(double part) implements Batches {
        /// Checks the part.
        public Fraction {
            if (!(part >= 0 && part <= 1)) {
                throw new IllegalArgumentException(
                        "Batches.fraction: part is %s; use a number from 0 to 1".formatted(part));
            }
        }

        @Override
        public OptionalInt of(OptionalInt available) {
            if (part == 1) {
                return available;
            }
            int all =
                    available.orElseThrow(() ->
                            new IllegalArgumentException(
                                    "Batches.fraction: %s of a source that does not know its length; use a count"
                                            .formatted(part)));
            int some = (int) Math.floor(all * part);
            if (some == 0 && all > 0 && part > 0) {
                throw new IllegalArgumentException(
                        "Batches.fraction: %s of %d batches is none; use at least %s"
                                .formatted(part, all, 1.0 / all));
            }
            return OptionalInt.of(some);
        }
    }

    /// Counts them.
    ///
    /// @param available how many there are, if that is known
    /// @return empty for all batches of a source that does not know its length
    /// @throws IllegalArgumentException for a part of an unknown number, and for a part that is less than one batch
    OptionalInt of(OptionalInt available);

    /// {@return all batches}
    static Batches all() {
        return new All();
    }

    /// {@return at most this many}
    ///
    /// @param batches a number of batches
    static Batches count(int batches) {
        return new Count(batches);
    }

    /// {@return this part of them, rounded down}
    ///
    /// @param part from 0 to 1
    static Batches fraction(double part) {
        return new Fraction(part);
    }
}
