package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.json.Json.Fields;

/// What is logged, under which names it is found, and what the loggers are given.
///
/// Cases that say where what is logged, by name and options, are read by [LogNames]; the others have a shape each.
final class LoggingArea implements Area {
    @Override
    public String name() {
        return "logging";
    }

    @Override
    public Fields compared(Fields expect) {
        return LogPlaces.compared(expect);
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has("action")) {
            return LogPlaces.answers(setup);
        }
        if (setup.has("variants")) {
            return LogRefusals.answers(setup);
        }
        if (setup.has("batch_sizes")) {
            return LogReductions.collected(setup);
        }
        if (setup.has("reduce_fx")) {
            return LogReductions.reduced(setup);
        }
        if (setup.has("train_log")) {
            return LogReductions.overEpochs(setup);
        }
        if (setup.has("log")) {
            return LogPhrases.answers(setup, expect);
        }
        if (setup.has("calls")) {
            return LogPhrases.resetBeforeEach(setup);
        }
        return LogNames.answers(setup, expect);
    }
}
