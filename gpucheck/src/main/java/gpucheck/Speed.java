package gpucheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times beside those of PyTorch, beside what the device's memory moves at most, and beside what is aimed at.
///
/// @param ours by the names of `bench device`, products with the word for their arithmetic
/// @param theirs PyTorch's, under the same names
/// @param device the line that describes the device
record Speed(Map<String, Timing> ours, Map<String, Timing> theirs, String device) {
    /// Stands behind the name of a step that is captured as a whole.
    private static final String CAPTURED = ", captured";

    /// Stands behind the name of a product by the device's library and nothing else around it.
    private static final String ALONE = ", alone";

    private static final Pattern PEAK = Pattern.compile("memory of ([0-9]+) GB/s");
    private static final String PRODUCT = "product ";
    private static final String NO_TORCH = "PyTorch's side has no times";

    /// {@return what the device's memory moves at most, in GB/s, if that is known}
    OptionalDouble peak() {
        Matcher matcher = PEAK.matcher(device);
        return matcher.find()
                ? OptionalDouble.of(Double.parseDouble(matcher.group(1)))
                : OptionalDouble.empty();
    }

    /// {@return PyTorch's time of the same: of a captured step the plain one's, of our own products the library's}
    Optional<Timing> other(String name) {
        return Optional.ofNullable(
                theirs.get(
                        name.replace(CAPTURED, "")
                                .replace(ALONE, "")
                                .replace("product own-", PRODUCT)
                                .replace("product own ", "product float32 ")));
    }

    /// {@return a line for each of our times}
    List<String> table() {
        List<String> lines = new ArrayList<>();
        for (Timing timing : ours.values()) {
            var line =
                    new StringBuilder(
                            String.format(
                                    Locale.ROOT,
                                    "%-44s %12.4f ms",
                                    timing.name(),
                                    timing.millis()));
            if (!timing.unit().isEmpty()) {
                line.append(String.format(Locale.ROOT, " %10.3f %s", timing.rate(), timing.unit()));
            }
            ofPeak(timing)
                    .ifPresent(share ->
                            line.append(String.format(Locale.ROOT, "  %.2f of peak", share)));
            other(timing.name())
                    .ifPresent(torch ->
                            line.append(
                                    String.format(
                                            Locale.ROOT,
                                            "  torch %12.4f ms  ratio %.2f",
                                            torch.millis(),
                                            timing.millis() / torch.millis())));
            lines.add(line.toString());
        }
        return lines;
    }

    private OptionalDouble ofPeak(Timing timing) {
        return timing.unit().equals("GB/s") && peak().isPresent()
                ? OptionalDouble.of(timing.rate() / peak().getAsDouble())
                : OptionalDouble.empty();
    }

    /// {@return the speeds that are aimed at} A case is as many times as fast as what it stands against.
    ///
    /// @param judged whether the sizes are those that the aims are for
    List<Target> targets(boolean judged) {
        boolean hasLibrary = device.contains(", cuBLAS ");
        String small = judged ? "" : "the sizes are tiny";
        String noLibrary = judged ? "the device has no cuBLAS" : small;
        String noTorch = judged ? NO_TORCH : small;
        List<Target.Case> through = new ArrayList<>();
        List<Target.Case> own = new ArrayList<>();
        List<Target.Case> plain = new ArrayList<>();
        List<Target.Case> captured = new ArrayList<>();
        for (Timing timing : judged ? ours.values() : List.<Timing>of()) {
            String name = timing.name();
            if (!name.startsWith(PRODUCT)) {
                boolean isStep = timing.unit().isEmpty();
                boolean isCaptured = name.endsWith(CAPTURED);
                List<Target.Case> cases = isCaptured ? captured : plain;
                if (isStep && (!isCaptured || name.startsWith("mlp "))) {
                    other(name).ifPresent(torch -> cases.add(against(timing, torch.millis())));
                }
            } else if (hasLibrary && name.startsWith("product own ")) {
                library(name).ifPresent(best -> own.add(against(timing, best)));
            } else if (hasLibrary && !name.startsWith("product own-") && !name.endsWith(ALONE)) {
                library(name).ifPresent(best -> through.add(against(timing, best)));
            }
        }
        return List.of(
                Target.of("products through cuBLAS, of cuBLAS,", 0.95, through, noLibrary),
                Target.of("our own float32 products, of cuBLAS,", 0.6, own, noLibrary),
                Target.of("training steps, of PyTorch's,", 1, plain, noTorch),
                Target.of("captured steps of the MLPs, of PyTorch's,", 1.5, captured, noTorch));
    }

    private static Target.Case against(Timing timing, double millis) {
        return new Target.Case(timing.name(), millis / timing.millis());
    }

    /// {@return the shortest time of the library for a product: called alone by us, or by PyTorch, which rounds to bfloat16
    /// before it is timed}
    private OptionalDouble library(String name) {
        List<Double> times = new ArrayList<>();
        Timing alone = ours.get(name.replace("product own ", "product float32 ") + ALONE);
        if (alone != null) {
            times.add(alone.millis());
        }
        if (!name.startsWith("product bfloat16 ")) {
            other(name).ifPresent(torch -> times.add(torch.millis()));
        }
        return times.stream().mapToDouble(Double::doubleValue).min();
    }

    /// {@return the times as the elements of a JSON array}
    String timesJson() {
        List<String> all = new ArrayList<>();
        for (Timing timing : ours.values()) {
            OptionalDouble share = ofPeak(timing);
            all.add(
                    String.format(
                            Locale.ROOT,
                            "    {\"name\": \"%s\", \"millis\": %.4f, \"rate\": %s, \"unit\": %s, \"of_peak\": %s, \"torch_millis\": %s}",
                            timing.name(),
                            timing.millis(),
                            timing.unit().isEmpty()
                                    ? "null"
                                    : String.format(Locale.ROOT, "%.3f", timing.rate()),
                            timing.unit().isEmpty() ? "null" : "\"" + timing.unit() + "\"",
                            share.isEmpty()
                                    ? "null"
                                    : String.format(Locale.ROOT, "%.4f", share.getAsDouble()),
                            other(timing.name())
                                    .map(torch ->
                                            String.format(Locale.ROOT, "%.4f", torch.millis()))
                                    .orElse("null")));
        }
        return String.join(",\n", all);
    }
}
