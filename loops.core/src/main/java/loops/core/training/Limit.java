package loops.core.training;

import java.util.OptionalInt;

/// How many batches of those there are: all, a number, or a part.
///
/// A number and a part are told apart by type, so that one batch is never taken for all of them.
public sealed interface Limit {
    /// All batches.
    record All() implements Limit {
        @Override
        public OptionalInt of(OptionalInt available) {
            return available;
        }
    }

    /// At most this many.
    ///
    /// @param batches from 0
    record Batches(int batches) implements Limit {
        /// Checks the number.
        public Batches {
            if (batches < 0) {
                throw new IllegalArgumentException(
                        "Limit.batches: the number is %d; use a number from 0".formatted(batches));
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
    record Fraction(double part) implements Limit {
        /// Checks the part.
        public Fraction {
            if (!(part >= 0 && part <= 1)) {
                throw new IllegalArgumentException(
                        "Limit.fraction: part is %s; use a number from 0 to 1".formatted(part));
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
                                    "Limit.fraction: %s of a source that does not know its length; use a number of batches, or 1.0 for all"
                                            .formatted(part)));
            int some = (int) Math.floor(all * part);
            if (some == 0 && all > 0 && part > 0) {
                throw new IllegalArgumentException(
                        "Limit.fraction: %s of %d batches is none; use at least %s"
                                .formatted(part, all, 1.0 / all));
            }
            return OptionalInt.of(some);
        }

        /// {@return after how many batches this part of them is reached, at least one} Without end for the whole of an
        /// unknown number.
        ///
        /// @param batches how many there are, if that is known
        /// @throws IllegalArgumentException for a part of an unknown number
        public int interval(OptionalInt batches) {
            return batches.isEmpty()
                    ? of(batches).orElse(Integer.MAX_VALUE)
                    : Math.max(1, (int) (batches.getAsInt() * part));
        }
    }

    /// Counts them.
    ///
    /// @param available how many there are, if that is known
    /// @return empty for all batches of a source that does not know its length
    /// @throws IllegalArgumentException for a part of an unknown number, and for a part that is less than one batch
    OptionalInt of(OptionalInt available);

    /// {@return whether not a single batch is taken, however many there are}
    default boolean none() {
        return switch (this) {
            case All() -> false;
            case Batches(int batches) -> batches == 0;
            case Fraction(double part) -> part == 0;
            case Both(Limit first, Limit second) -> first.none() || second.none();
        };
    }

    /// {@return this limit of what another one leaves}
    ///
    /// @param other taken first
    default Limit within(Limit other) {
        return new Both(other, this);
    }

    /// One limit of what another one leaves.
    ///
    /// @param first taken first
    /// @param second taken of what the first leaves
    record Both(Limit first, Limit second) implements Limit {
        @Override
        public OptionalInt of(OptionalInt available) {
            return second.of(first.of(available));
        }
    }

    /// {@return all batches}
    static Limit all() {
        return new All();
    }

    /// {@return at most this many}
    ///
    /// @param batches a number of batches
    static Limit batches(int batches) {
        return new Batches(batches);
    }

    /// {@return this part of them, rounded down}
    ///
    /// @param part from 0 to 1
    static Limit fraction(double part) {
        return new Fraction(part);
    }
}
