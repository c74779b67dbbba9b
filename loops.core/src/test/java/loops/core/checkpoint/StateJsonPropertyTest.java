package loops.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import loops.api.LoopState;
import loops.api.LoopState.Data;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Flag;
import loops.api.LoopState.Items;
import loops.api.LoopState.Num;
import loops.api.LoopState.Real;
import loops.api.LoopState.Text;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StateJsonPropertyTest {
    @Property(tries = 300)
    void everyStateReadsBackAsItWas(@ForAll("states") Fields state) {
        var arrays = new LinkedHashMap<String, Data>();

        var text = StateJson.write(state, arrays);

        assertEquals(state, StateJson.read(text, arrays));
    }

    @Provide
    Arbitrary<Fields> states() {
        return fields(3);
    }

    private static Arbitrary<Fields> fields(int depth) {
        return names().flatMap(name -> state(depth).map(value -> new Entry(name, value)))
                .list()
                .ofMaxSize(4)
                .map(entries -> {
                    var map = new LinkedHashMap<String, LoopState>();
                    entries.forEach(entry -> map.put(entry.name(), entry.value()));
                    return new Fields(map);
                });
    }

    private record Entry(String name, LoopState value) {}

    private static Arbitrary<String> names() {
        return Arbitraries.oneOf(
                Arbitraries.of("a", "b", "a.b", "0", "a.0", "$real", "$tensor", "$$real", "$", ""),
                Arbitraries.strings().ofMaxLength(5));
    }

    private static Arbitrary<LoopState> state(int depth) {
        Arbitrary<LoopState> leaf =
                Arbitraries.oneOf(
                        Arbitraries.longs().map(Num::new),
                        reals().map(Real::new),
                        Arbitraries.strings().ofMaxLength(8).map(Text::new),
                        Arbitraries.of(true, false).map(Flag::new),
                        Arbitraries.bytes()
                                .array(byte[].class)
                                .ofMaxSize(4)
                                .map(bytes ->
                                        new Data(
                                                "BOOL",
                                                List.of((long) bytes.length),
                                                MemorySegment.ofArray(bytes))));
        if (depth == 0) {
            return leaf;
        }
        return Arbitraries.oneOf(
                leaf,
                state(depth - 1).list().ofMaxSize(3).map(Items::new),
                fields(depth - 1).map(fields -> fields));
    }

    private static Arbitrary<Double> reals() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 5.0),
                Arbitraries.longs()
                        .map(Double::longBitsToDouble)
                        .map(StateJsonPropertyTest::plain));
    }

    /// There is one NaN in a state; Java's text of it does not tell them apart.
    private static double plain(double value) {
        return Double.isNaN(value) ? Double.NaN : value;
    }
}
