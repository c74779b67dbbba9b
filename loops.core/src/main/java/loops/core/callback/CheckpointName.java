package loops.core.callback;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How the folders of checkpoints are named: a text with metrics in braces.
///
/// ```java
/// CheckpointName.of("{epoch}-{val_loss:.2f}").render(values)     // epoch=3-val_loss=0.25
/// ```
///
/// | in braces | becomes |
/// |---|---|
/// | `{acc}` | `acc=0.03`: as few digits as tell the value apart |
/// | `{epoch:03d}` | `epoch=007`: a whole number of at least three digits |
/// | `{acc:.4f}` | `acc=0.0300`: four decimals |
///
/// `epoch` and `step` are always there, and are whole numbers. A `/` in the name of a metric becomes `_`.
///
/// @param template the text
/// @param named whether `acc=` stands before the value of `acc`
/// @param prefix stands before all else, where it is not empty
/// @param join stands between the parts: the prefix, the name, the version
/// @param ending stands behind all else
public record CheckpointName(
        String template, boolean named, String prefix, String join, String ending) {
    private static final Pattern BRACES = Pattern.compile("\\{([^{}:]+)(?::([^{}]*))?}");
    private static final Pattern FORMAT =
            Pattern.compile("(?<zeros>0?)(?<width>\\d*)(?:d|(?:\\.(?<decimals>\\d+))?f)");
    private static final Set<String> COUNTERS = Set.of("epoch", "step");

    /// Checks the template.
    public CheckpointName {
        var outside = BRACES.matcher(template).replaceAll("");
        if (template.isBlank()) {
            throw new IllegalArgumentException(
                    "CheckpointName: the template is '%s'; name the checkpoints, as {epoch}-{step}"
                            .formatted(template));
        }
        if (outside.matches(".*[{}].*")) {
            throw new IllegalArgumentException(
                    "CheckpointName '%s': braces stand around metrics only, as {val_loss:.2f}"
                            .formatted(template));
        }
        for (String text : List.of(outside, prefix, join, ending)) {
            if (text.matches(".*[/\\\\].*")) {
                throw new IllegalArgumentException(
                        "CheckpointName '%s': '%s' has a separator of folders; choose the folder of the checkpoints instead"
                                .formatted(template, text));
            }
        }
        for (Place place : places(template)) {
            place.requireKnown(template);
        }
    }

    /// {@return names by a template, with the names of metrics in them, `-` between the parts and the ending `.ckpt`}
    ///
    /// @param template the text, with metrics in braces
    /// @throws IllegalArgumentException if the template is not understood
    public static CheckpointName of(String template) {
        return new CheckpointName(template, true, "", "-", ".ckpt");
    }

    /// {@return these names, with the values of metrics alone}
    public CheckpointName bare() {
        return new CheckpointName(template, false, prefix, join, ending);
    }

    /// {@return these names, behind another text}
    ///
    /// @param before the text
    public CheckpointName prefix(String before) {
        return new CheckpointName(template, named, before, join, ending);
    }

    /// {@return these names, with another text between their parts}
    ///
    /// @param between the text
    public CheckpointName joinedBy(String between) {
        return new CheckpointName(template, named, prefix, between, ending);
    }

    /// {@return these names, with another ending than `.ckpt`}
    ///
    /// @param last the ending
    public CheckpointName ending(String last) {
        return new CheckpointName(template, named, prefix, join, last);
    }

    /// A metric in the template.
    private record Place(String metric, String format) {
        void requireKnown(String template) {
            if (!format.isEmpty() && !FORMAT.matcher(format).matches()) {
                throw new IllegalArgumentException(
                        "CheckpointName '%s': the format of '%s' is '%s'; use d, 03d, .2f or none"
                                .formatted(template, metric, format));
            }
        }

        String render(double value) {
            var parts = FORMAT.matcher(format);
            if (!parts.matches()) {
                return COUNTERS.contains(metric) ? Long.toString((long) value) : shortest(value);
            }
            if (!format.endsWith("d")) {
                String decimals = parts.group("decimals");
                return padded(
                        parts, fixed(value, decimals == null ? 6 : Integer.parseInt(decimals)));
            }
            if (value != Math.rint(value) || Double.isInfinite(value)) {
                throw new IllegalArgumentException(
                        "CheckpointName: '%s' is %s, asked for as {%s:%s}; use {%s:.2f} for what is not whole"
                                .formatted(metric, value, metric, format, metric));
            }
            return padded(parts, Long.toString((long) value));
        }

        private static String padded(Matcher parts, String number) {
            String width = parts.group("width");
            int missing = width.isEmpty() ? 0 : Integer.parseInt(width) - number.length();
            if (missing <= 0) {
                return number;
            }
            if (parts.group("zeros").isEmpty()) {
                return " ".repeat(missing) + number;
            }
            int sign = number.startsWith("-") ? 1 : 0;
            return number.substring(0, sign) + "0".repeat(missing) + number.substring(sign);
        }
    }

    private static List<Place> places(String template) {
        var places = new ArrayList<Place>();
        for (var found = BRACES.matcher(template); found.find(); ) {
            places.add(new Place(found.group(1), found.group(2) == null ? "" : found.group(2)));
        }
        return places;
    }

    /// {@return the metrics in the template}
    public Set<String> metrics() {
        var metrics = new LinkedHashSet<String>();
        places(template).forEach(place -> metrics.add(place.metric()));
        return metrics;
    }

    /// {@return the name for these values, without its ending}
    ///
    /// @param values values by metric
    /// @throws IllegalArgumentException if a metric of the template is not among them, or not whole as it is asked for
    public String render(Map<String, Double> values) {
        var text = new StringBuilder();
        int at = 0;
        var places = places(template).iterator();
        for (var found = BRACES.matcher(template); found.find(); at = found.end()) {
            text.append(template, at, found.start()).append(render(places.next(), values));
        }
        text.append(template, at, template.length());
        return prefix.isEmpty() ? text.toString() : prefix + join + text;
    }

    private String render(Place place, Map<String, Double> values) {
        var value = values.get(place.metric());
        if (value == null) {
            throw new IllegalArgumentException(
                    "CheckpointName '%s': '%s' was not logged, only %s; log it, or leave it out of the name"
                            .formatted(template, place.metric(), values.keySet()));
        }
        String name = named ? place.metric().replace('/', '_') + "=" : "";
        return name + place.render(value);
    }

    /// {@return a further name for the same values, without its ending: `name-v1`}
    ///
    /// @param name what [#render] gave
    /// @param version its number
    public String version(String name, int version) {
        return name + join + "v" + version;
    }

    /// {@return whether a name can have come from this template, in any version}
    ///
    /// @param name the name, with its ending
    public boolean fits(String name) {
        var pattern = new StringBuilder(Pattern.quote(prefix.isEmpty() ? "" : prefix + join));
        int at = 0;
        for (var found = BRACES.matcher(template); found.find(); at = found.end()) {
            pattern.append(Pattern.quote(template.substring(at, found.start()))).append(".+");
        }
        pattern.append(Pattern.quote(template.substring(at)))
                .append("(" + Pattern.quote(join + "v") + "\\d+)?")
                .append(Pattern.quote(ending));
        return name.matches(pattern.toString());
    }

    /// Rounds the exact value, ties to the even digit.
    private static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return notFinite(value);
        }
        return sign(value)
                + new BigDecimal(Math.abs(value))
                        .setScale(decimals, RoundingMode.HALF_EVEN)
                        .toPlainString();
    }

    /// The fewest digits that tell the value apart; with an exponent where there would be many zeros.
    private static String shortest(double value) {
        if (!Double.isFinite(value)) {
            return notFinite(value);
        }
        var digits = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (value != 0 && (exponent < -4 || exponent >= 16)) {
            String mantissa = digits.movePointLeft(exponent).toPlainString();
            String size = Integer.toString(Math.abs(exponent));
            return sign(value)
                    + mantissa
                    + (exponent < 0 ? "e-" : "e+")
                    + (size.length() < 2 ? "0" : "")
                    + size;
        }
        String plain = digits.toPlainString();
        return sign(value) + plain + (plain.contains(".") ? "" : ".0");
    }

    private static String notFinite(double value) {
        return Double.isNaN(value) ? "nan" : sign(value) + "inf";
    }

    private static String sign(double value) {
        return Double.doubleToRawLongBits(value) < 0 ? "-" : "";
    }
}
