package bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Times two sides in turns, so that what disturbs the machine disturbs both.
///
/// A round is about so many milliseconds of work of one side, then of the other. A side's time in a round is the mean of a
/// run; the ratio is the median over the rounds, of each round's own ratio. Rounds count when the JVM is warm: when its compiler
/// rests, or after 28 for each that counts.
final class Contest {
    /// How many rounds before one that counts at most.
    private static final int MOST_WARM_UP = 28;

    /// A JVM is warm when in so many rounds, one after the other, compiling takes less than this part of our time.
    private static final int QUIET_ROUNDS = 8;

    private static final double QUIET = 0.05;

    /// How much both sides may differ in what they compute.
    private static final double TOLERANCE = 1e-3;

    private final int rounds;
    private final long nanosOfRound;

    /// @param rounds how often each side has its turn, from 1
    /// @param millisOfRound how long a turn is, at least one run
    Contest(int rounds, long millisOfRound) {
        this.rounds = rounds;
        this.nanosOfRound = millisOfRound * 1_000_000;
    }

    /// What a contest gave.
    ///
    /// @param name of the work
    /// @param ours milliseconds of a run, the median over the rounds
    /// @param peer the same of the peer, if it took part
    /// @param ratio ours divided by the peer's, the median over the rounds
    record Outcome(String name, double ours, Optional<Double> peer, Optional<Double> ratio) {
        /// {@return a line of a table}
        String line() {
            return peer.isEmpty()
                    ? String.format(Locale.ROOT, "%-28s %10.4f ms", name, ours)
                    : String.format(
                            Locale.ROOT,
                            "%-28s %10.4f ms %10.4f ms   %.2f",
                            name,
                            ours,
                            peer.get(),
                            ratio.orElseThrow());
        }
    }

    /// {@return how ours compares with a peer}
    ///
    /// @param name of the work
    /// @param checked how many runs both sides do first, whose last numbers must agree
    /// @param ours our side
    /// @param peer the other side, if there is one
    /// @throws IllegalStateException if both sides do not compute the same
    Outcome run(String name, int checked, Side ours, Optional<Side> peer) {
        double our = repeated(ours, checked);
        peer.ifPresent(other -> agree(name, checked, our, repeated(other, checked)));
        List<Double> ourTimes = new ArrayList<>();
        List<Double> peerTimes = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        warmUp(ours, peer);
        for (int round = 0; round < rounds; round++) {
            double ourTime = time(ours);
            ourTimes.add(ourTime);
            peer.map(this::time)
                    .ifPresent(peerTime -> {
                        peerTimes.add(peerTime);
                        ratios.add(ourTime / peerTime);
                    });
        }
        return new Outcome(name, median(ourTimes), ifAny(peerTimes), ifAny(ratios));
    }

    /// {@return what the last of so many runs of a side gave}
    static double repeated(Side side, int times) {
        double last = Double.NaN;
        for (int i = 0; i < times; i++) {
            last = side.run();
        }
        return last;
    }

    /// Refuses sides that do not compute the same.
    ///
    /// @param name of the work
    /// @param runs after how many
    /// @param ours what ours gave last
    /// @param peers what the peer gave last
    /// @throws IllegalStateException if they differ by more than 1e-3, relative to the peer's if that is above 1
    static void agree(String name, int runs, double ours, double peers) {
        if (!(Math.abs(ours - peers) <= TOLERANCE * Math.max(1, Math.abs(peers)))) {
            throw new IllegalStateException(
                    "%s: after %d runs ours gives %s, the peer %s; they do not do the same work"
                            .formatted(name, runs, ours, peers));
        }
    }

    private void warmUp(Side ours, Optional<Side> peer) {
        var compiler = ManagementFactory.getCompilationMXBean();
        int quiet = 0;
        for (int round = 0; round < MOST_WARM_UP * rounds && quiet < QUIET_ROUNDS; round++) {
            long start = System.nanoTime();
            long compiled = compiler.getTotalCompilationTime();
            time(ours);
            double millis = (System.nanoTime() - start) / 1e6;
            quiet = compiler.getTotalCompilationTime() - compiled < QUIET * millis ? quiet + 1 : 0;
            peer.ifPresent(this::time);
        }
    }

    /// {@return milliseconds of a run}
    private double time(Side side) {
        long start = System.nanoTime();
        long runs = 0;
        long passed = 0;
        while (passed < nanosOfRound) {
            side.run();
            runs++;
            passed = System.nanoTime() - start;
        }
        return passed / 1e6 / runs;
    }

    private static Optional<Double> ifAny(List<Double> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(median(values));
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
