package conformance.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.json.Json.Fields;
import java.util.List;
import java.util.Optional;
import loops.core.training.LogFlag;
import loops.core.training.Reduce;
import loops.core.training.Samples;
import org.junit.jupiter.api.Test;

class LogCallTest {
    private static LogCall read(Object said) {
        return LogCall.read(new Keys("", Fields.EMPTY.with("a", said))).getFirst();
    }

    @Test
    void theOptionsOfTheOriginalAreFlagsHere() {
        var options =
                Fields.EMPTY
                        .with("on_epoch", true)
                        .with("prog_bar", true)
                        .with("logger", false)
                        .with("add_dataloader_idx", false)
                        .with("reduce_fx", "SUM");

        var call = read(options);

        assertEquals(Optional.empty(), call.onStep());
        assertEquals(Optional.of(true), call.onEpoch());
        assertEquals(
                List.of(LogFlag.PROGRESS_BAR, LogFlag.NO_LOGGER, LogFlag.SAME_NAME, Reduce.SUM),
                call.further());
    }

    @Test
    void whenAValueIsWantedMayBeSaidInWords() {
        assertEquals(Optional.of(true), read("step+epoch").onStep());
        assertEquals(Optional.of(true), read("step+epoch").onEpoch());
        assertEquals(Optional.of(false), read("epoch").onStep());
        assertEquals(Optional.of(false), read("step").onEpoch());
    }

    @Test
    void aValueMayStandInPlaceOfItsOptions() {
        assertEquals(2, read(2).value().at(Event.Place.NOWHERE));
        assertEquals(0.5, read(0.5).value().at(Event.Place.NOWHERE));
    }

    @Test
    void theOptionsMaySayTheValueAndItsSamples() {
        var call = read(Fields.EMPTY.with("value", "current_epoch").with("batch_size", 3));

        assertEquals(4, call.value().at(new Event.Place(4, -1, -1, -1, 0)));
        assertEquals(List.of(new Samples(3)), call.further());
        assertEquals(0.5, read(Fields.EMPTY.with("value", 0.5)).value().at(Event.Place.NOWHERE));
    }

    @Test
    void whatSaysNothingIsNotUnderstood() {
        assertThrows(NotUnderstoodException.class, () -> read(true));
        assertThrows(NotUnderstoodException.class, () -> LogCall.reduce("argmax"));
    }
}
