package conformance.rule;

import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The form in which the original tells a hook what steps reported: levels of lists that have one element at most are left
/// out, and so is what reported nothing.
final class SqueezedOutputs {
    /// By level, how many elements the longest list has.
    private final List<Integer> longest = new ArrayList<>();

    private SqueezedOutputs() {}

    /// {@return the form that the original gives a record}
    ///
    /// @param record lists in lists, with a report of each step; an empty one where it reported nothing
    static Json of(Json record) {
        var squeezed = new SqueezedOutputs();
        squeezed.measure(record, 0);
        return squeezed.squeeze(record, 0).orElseGet(() -> new Items(List.of()));
    }

    private void measure(Json record, int level) {
        if (record instanceof Items(var values)) {
            if (level == longest.size()) {
                longest.add(0);
            }
            longest.set(level, Math.max(longest.get(level), values.size()));
            values.forEach(each -> measure(each, level + 1));
        }
    }

    private Optional<Json> squeeze(Json record, int level) {
        if (!(record instanceof Items(var values))) {
            return Optional.of(record).filter(report -> !report.equals(Fields.EMPTY));
        }
        var kept = values.stream().flatMap(each -> squeeze(each, level + 1).stream()).toList();
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(longest.get(level) > 1 ? new Items(kept) : kept.getFirst());
    }
}
