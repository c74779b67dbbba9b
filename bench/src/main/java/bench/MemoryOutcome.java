package bench;

import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// How the memory of ours compares with that of a peer.
///
/// @param ours our side
/// @param peer the other side, if there was one
record MemoryOutcome(Footprint ours, Optional<Footprint> peer) {
    /// What stands above the lines.
    static String head(String peer) {
        return "%-28s %12s %12s %12s   %-5s  %s"
                .formatted("", "garbage", "ours", peer, "ratio", "ratio of peaks");
    }

    /// {@return a line of a table: garbage of ours, what is resident of both, the ratios}
    String line() {
        return String.format(
                        Locale.ROOT,
                        "%-28s %10.0f B %12s %12s   %-5s  %s",
                        ours.name(),
                        ours.garbageBytes(),
                        ours.resident().map(MemoryOutcome::shown).orElse("-"),
                        peer.flatMap(Footprint::resident).map(MemoryOutcome::shown).orElse("-"),
                        shown(ratio()),
                        shown(peakRatio()))
                .stripTrailing();
    }

    private static String shown(ResidentMemory memory) {
        return String.format(Locale.ROOT, "%.1f MiB", memory.bytes() / 0x1p20);
    }

    private static String shown(Optional<Double> ratio) {
        return ratio.map(value -> String.format(Locale.ROOT, "%.2f", value)).orElse("-");
    }

    /// {@return what is resident of ours, divided by the peer's, if both are known}
    Optional<Double> ratio() {
        return ratio(ResidentMemory::bytes);
    }

    /// {@return the same of the peaks}
    Optional<Double> peakRatio() {
        return ratio(ResidentMemory::peakBytes);
    }

    private Optional<Double> ratio(ToLongFunction<ResidentMemory> bytes) {
        return ours.resident()
                .flatMap(our ->
                        peer.flatMap(Footprint::resident)
                                .map(other ->
                                        (double) bytes.applyAsLong(our)
                                                / bytes.applyAsLong(other)));
    }
}
