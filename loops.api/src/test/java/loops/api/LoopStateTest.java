package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import loops.api.LoopState.Data;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Flag;
import loops.api.LoopState.Items;
import loops.api.LoopState.Num;
import loops.api.LoopState.Real;
import loops.api.LoopState.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// The plain values of a state, their codecs, and the stop signal.
class LoopStateTest {

    // ---- values

    @Test
    void realNumbersAreComparedByTheirBits() {
        assertEquals(new Real(Double.NaN), new Real(0.0 / 0.0));
        assertNotEquals(new Real(0.0), new Real(-0.0));
        assertEquals(new Real(Double.POSITIVE_INFINITY), new Real(1 / 0.0));
        assertNotEquals(new Real(1), new Num(1));
    }

    @Test
    void dataIsComparedByTypeShapeAndBytes() {
        var data = data(1f, 2f);

        assertEquals(data, data(1f, 2f));
        assertEquals(data.hashCode(), data(1f, 2f).hashCode());
        assertNotEquals(data, data(1f, -2f));
        assertNotEquals(data(0f), data(-0f));
        assertEquals(data(Float.NaN), data(Float.NaN));
        assertNotEquals(data, new Data("I32", data.shape(), data.bytes()));
        assertNotEquals(data, new Data("F32", List.of(2L, 1L), data.bytes()));
        assertEquals("F32[2]", data.toString());
    }

    @Test
    void dataCannotBeWritten() {
        var shape = new ArrayList<>(List.of(1L));
        var data = new Data("F32", shape, MemorySegment.ofArray(new float[1]));
        shape.add(2L);

        assertTrue(data.bytes().isReadOnly());
        assertEquals(List.of(1L), data.shape());
    }

    @Test
    void fieldsAreEqualInAnyOrder() {
        var ab = Fields.empty().with("a", 1).with("b", true);
        var ba = Fields.empty().with("b", true).with("a", 1);

        assertEquals(ab, ba);
        assertEquals(ab.hashCode(), ba.hashCode());
        assertNotEquals(ab, ab.with("c", "x"));
    }

    @Test
    void fieldsAndItemsAreCopies() {
        var map = new LinkedHashMap<String, LoopState>();
        map.put("a", new Num(1));
        var list = new ArrayList<LoopState>(List.of(new Num(1)));

        var fields = new Fields(map);
        var items = new Items(list);
        map.clear();
        list.clear();

        assertTrue(fields.has("a"));
        assertEquals(1, items.values().size());
        assertThrows(UnsupportedOperationException.class, () -> fields.entries().clear());
        assertThrows(UnsupportedOperationException.class, () -> items.values().clear());
    }

    @Test
    void leavesHaveDottedPaths() {
        var fields =
                Fields.empty()
                        .with("a", Fields.of("b", Fields.of("c", new Num(1))).with("d", 0.5))
                        .with("none", Fields.empty())
                        .with("list", new Items(List.of(new Text("x"), new Flag(true))));

        assertEquals("{a.b.c=1, a.d=0.5, none={}, list=[\"x\", true]}", fields.leaves().toString());
        assertEquals("{a={b={c=1}, d=0.5}, none={}, list=[\"x\", true]}", fields.toString());
    }

    @Test
    void eachKindOfFieldIsReadAsItself() {
        var fields =
                Fields.of("num", new Num(1))
                        .with("real", 0.5)
                        .with("text", "x")
                        .with("flag", true)
                        .with("items", new Items(List.of()))
                        .with("fields", Fields.empty());

        assertEquals(1, fields.num("num"));
        assertEquals(0.5, fields.real("real"));
        assertEquals("x", fields.text("text"));
        assertTrue(fields.flag("flag"));
        assertEquals(List.of(), fields.items("items"));
        assertEquals(Fields.empty(), fields.fields("fields"));
        refused(
                "loadStateDict: 'text' is \"x\", needs to be a whole number",
                () -> fields.num("text"));
        refused("loadStateDict: 'num' is 1, needs to be a real number", () -> fields.real("num"));
        refused("loadStateDict: 'num' is 1, needs to be a text", () -> fields.text("num"));
        refused("loadStateDict: 'num' is 1, needs to be true or false", () -> fields.flag("num"));
        refused("loadStateDict: 'num' is 1, needs to be a list", () -> fields.items("num"));
        refused("loadStateDict: 'num' is 1, needs to be named fields", () -> fields.fields("num"));
    }

    @Test
    void aFieldThatIsMissingOrTwiceThereIsRefused() {
        var fields = Fields.of("a", new Num(1));

        refused("loadStateDict: no 'b'; found [a]", () -> fields.get("b"));
        refused("Fields.with: there is a field 'a' already", () -> fields.with("a", 2));
    }

    // ---- codecs

    @Test
    void codecsGiveBackWhatTheyWrote() {
        assertEquals(-3, Codec.INTEGER.decode(Codec.INTEGER.encode(-3)));
        assertEquals(Long.MAX_VALUE, Codec.LONG.decode(Codec.LONG.encode(Long.MAX_VALUE)));
        assertEquals(-0.0, Codec.DOUBLE.decode(Codec.DOUBLE.encode(-0.0)));
        assertEquals(Double.NaN, Codec.DOUBLE.decode(Codec.DOUBLE.encode(Double.NaN)));
        assertTrue(Codec.FLAG.decode(Codec.FLAG.encode(true)));
        assertEquals("", Codec.TEXT.decode(Codec.TEXT.encode("")));
        assertEquals(new Num(1), Codec.STATE.decode(Codec.STATE.encode(new Num(1))));
        var lists = Codec.listOf(Codec.listOf(Codec.TEXT));
        var value = List.of(List.of("a"), List.<String>of());
        assertEquals(value, lists.decode(lists.encode(value)));
    }

    @Test
    void codecsNameWhatTheyNeed() {
        refused(
                "found \"x\", needs to be a whole number",
                () -> Codec.INTEGER.decode(new Text("x")));
        refused(
                "found 3000000000, needs to be a whole number",
                () -> Codec.INTEGER.decode(new Num(3_000_000_000L)));
        refused("found 1.0, needs to be a whole number", () -> Codec.LONG.decode(new Real(1)));
        refused("found 1, needs to be a real number", () -> Codec.DOUBLE.decode(new Num(1)));
        refused("found 1, needs to be true or false", () -> Codec.FLAG.decode(new Num(1)));
        refused("found 1, needs to be a text", () -> Codec.TEXT.decode(new Num(1)));
        refused("found 1, needs to be a list", () -> Codec.listOf(Codec.TEXT).decode(new Num(1)));
        refused(
                "found 1, needs to be a text",
                () -> Codec.listOf(Codec.TEXT).decode(new Items(List.of(new Num(1)))));
    }

    // ---- the stop signal

    @Test
    void theFirstReasonToStopStays() {
        var stop = new StopSignal();
        assertFalse(stop.requested());
        assertEquals(Optional.empty(), stop.reason());

        stop.request("val_loss did not improve for 3 epochs");
        stop.request("too late");

        assertTrue(stop.requested());
        assertEquals(Optional.of("val_loss did not improve for 3 epochs"), stop.reason());
        stop.clear();
        assertFalse(stop.requested());
    }

    @Test
    void aStopRequestIsState() {
        var stop = new StopSignal();
        var other = new StopSignal();
        stop.request("enough");

        other.loadStateDict(stop.stateDict());

        assertEquals(Optional.of("enough"), other.reason());
        other.loadStateDict(Fields.empty());
        assertFalse(other.requested());
    }

    @Test
    void whoAsksUnderANameCanTakeItBackAndTheRequestsOfOthersStand() {
        var stop = new StopSignal();
        stop.request("Timer", "the time is up");
        stop.request("Timer", "the time is up again");
        stop.request("enough");

        var resumed = new StopSignal();
        resumed.loadStateDict(stop.stateDict());
        assertEquals(Optional.of("the time is up"), resumed.reason());

        resumed.withdraw("Timer");
        assertEquals(Optional.of("enough"), resumed.reason());
        resumed.withdraw("somebody else");
        assertTrue(resumed.requested());
    }

    @Test
    void anUnknownStateOfAStopSignalIsRefused() {
        var stop = new StopSignal();
        stop.request("enough");

        refused(
                "loadStateDict: a stop signal has 'requests' or nothing; found [why]",
                () -> stop.loadStateDict(Fields.empty().with("why", "x")));
        refused(
                "loadStateDict: a stop signal has 'requests' or nothing; found [requests, why]",
                () -> stop.loadStateDict(stop.stateDict().with("why", "x")));

        assertEquals(Optional.of("enough"), stop.reason());
    }

    private static Data data(float... values) {
        return new Data("F32", List.of((long) values.length), MemorySegment.ofArray(values));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
