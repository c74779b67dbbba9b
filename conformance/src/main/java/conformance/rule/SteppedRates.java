package conformance.rule;

import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The learning rates of a fit whose schedulers each divide a rate after so many steps or epochs, counted over all of it.
///
/// @param first the rate of optimizer 0
/// @param ratio by what the rate of each further optimizer is less
/// @param gamma what a rate is multiplied with
/// @param stepSize after how many moves
/// @param schedulers the scheduler of each optimizer
record SteppedRates(double first, double ratio, double gamma, long stepSize, List<Row> schedulers) {
    private static final Pattern RATES = Pattern.compile("([\\d.]+) \\* ([\\d.]+)\\^-i");
    private static final Pattern KIND =
            Pattern.compile("StepLR\\(step_size=(\\d+), gamma=([\\d.]+)\\)");

    /// When a scheduler moves.
    ///
    /// @param perStep whether after steps of its optimizer; after epochs if not
    /// @param frequency after how many of them
    private record Row(boolean perStep, long frequency) {}

    static SteppedRates of(Fields setup) {
        var rates = RATES.matcher(text(setup, "lr_of_optimizer_i"));
        var kind = KIND.matcher(text(setup, "scheduler_kind"));
        if (!rates.matches() || !kind.matches()) {
            throw new IllegalArgumentException("there are no such rates in " + setup);
        }
        var rows = new ArrayList<Row>();
        for (Json each : items(setup.get("sched").orElseThrow())) {
            var row = (Fields) each;
            rows.add(
                    new Row(
                            text(row, "interval").equals("step"),
                            row.get("frequency").orElse(new Whole(1)) instanceof Whole(long n)
                                    ? n
                                    : 1));
        }
        return new SteppedRates(
                Double.parseDouble(rates.group(1)),
                Double.parseDouble(rates.group(2)),
                Double.parseDouble(kind.group(2)),
                Long.parseLong(kind.group(1)),
                List.copyOf(rows));
    }

    /// {@return an expectation with these rates}
    ///
    /// @param expect says at which places a step was entered, and how many steps were made in all
    Fields in(Fields expect) {
        var atEntry = (Fields) expect.get("at_entry_of_each_training_step").orElseThrow();
        var places = new ArrayList<Place>();
        for (Json each : items(atEntry.get("position").orElseThrow())) {
            var numbers = items(each);
            places.add(new Place(whole(numbers.getFirst()), whole(numbers.getLast())));
        }
        long steps = whole(expect.get("global_step").orElseThrow());
        var end = new Place(places.getLast().epoch() + 1, steps);
        long last = places.getLast().epoch();
        var beforeLast =
                places.stream().filter(place -> place.epoch() == last).findFirst().orElseThrow();
        long moves = moves(end);
        return expect.with(
                        "at_entry_of_each_training_step",
                        atEntry.with("lrs", places.stream().map(this::rates).toList()))
                .with("lr_after_fit", rates(end))
                .with(
                        "scheduler_progress",
                        Fields.EMPTY
                                .with("total", counts(moves))
                                .with("current", counts(moves - moves(beforeLast))));
    }

    /// Where a step is entered.
    ///
    /// @param epoch the epochs that were completed
    /// @param steps the steps that all optimizers had made
    private record Place(long epoch, long steps) {}

    private List<Double> rates(Place place) {
        var rates = new ArrayList<Double>();
        for (int i = 0; i < schedulers.size(); i++) {
            long falls = moves(i, place) / stepSize;
            rates.add(first * Math.pow(ratio, -i) * Math.pow(gamma, (double) falls));
        }
        return rates;
    }

    private long moves(Place place) {
        long all = 0;
        for (int i = 0; i < schedulers.size(); i++) {
            all += moves(i, place);
        }
        return all;
    }

    /// Every batch uses all optimizers in turn.
    private long moves(int optimizer, Place place) {
        int count = schedulers.size();
        var row = schedulers.get(optimizer);
        long own = (place.steps() + count - 1 - optimizer) / count;
        return (row.perStep() ? own : place.epoch()) / row.frequency();
    }

    private static Fields counts(long moves) {
        return Fields.EMPTY.with("ready", moves).with("completed", moves);
    }

    private static List<Json> items(Json json) {
        return json instanceof Items(var values) ? values : List.of();
    }

    private static long whole(Json json) {
        return json instanceof Whole(long value) ? value : 0;
    }

    private static String text(Fields fields, String name) {
        return fields.get(name).orElse(null) instanceof Text(String text) ? text : "";
    }
}
