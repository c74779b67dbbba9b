package conformance.kit;

import conformance.check.Phrases;
import conformance.kit.Event.Place;

/// A value that is logged, by the place where that happens.
@FunctionalInterface
public interface LogValue {
    /// {@return the value}
    ///
    /// @param place where it is logged
    double at(Place place);

    /// One more with each batch, so that the last value, the mean and the sum differ.
    LogValue RISING = place -> 1 + Math.max(0, place.batch());

    /// {@return the value that a formula of a case gives}
    ///
    /// @param formula factors with `*` between them, such as `(1+batch_idx) * (10 after epoch 0)`
    static LogValue read(String formula) {
        LogValue product = place -> 1;
        for (String factor : formula.split("\\*", -1)) {
            var before = product;
            var next = factor(factor.strip().replaceFirst("^\\((.*)\\)$", "$1"));
            product = place -> before.at(place) * next.at(place);
        }
        return product;
    }

    private static LogValue factor(String text) {
        return Phrases.<LogValue>of()
                .say(
                        "-?\\d+(?:\\.\\d+)?",
                        said -> {
                            double value = Double.parseDouble(said.group());
                            return place -> value;
                        })
                .say("batch_idx", said -> Place::batch)
                .say("dataloader_idx", said -> Place::loader)
                .say("current_epoch", said -> Place::epoch)
                .say("global_step", said -> Place::globalStep)
                .say("-batch_idx", said -> place -> -place.batch())
                .say(
                        "(\\d+) *\\+ *batch_idx|batch_idx *\\+ *(\\d+)",
                        said -> {
                            int more = addend(said.group(1), said.group(2));
                            return place -> more + place.batch();
                        })
                .say(
                        "(\\d+) *\\+ *dataloader_idx|dataloader_idx *\\+ *(\\d+)",
                        said -> {
                            int more = addend(said.group(1), said.group(2));
                            return place -> more + place.loader();
                        })
                .say(
                        "(\\d+) after epoch (\\d+)",
                        said -> {
                            double factor = Double.parseDouble(said.group(1));
                            int epoch = Integer.parseInt(said.group(2));
                            return place -> place.epoch() > epoch ? factor : 1;
                        })
                .read(text);
    }

    private static int addend(String first, String second) {
        return Integer.parseInt(first == null ? second : first);
    }
}
