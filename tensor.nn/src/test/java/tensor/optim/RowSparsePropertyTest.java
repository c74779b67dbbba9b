package tensor.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Optimizers of a table whose gradient is kept by rows.
class RowSparsePropertyTest {
    private static final int COUNT = 6;
    private static final Map<String, Function<List<Parameter>, Optimizer>> KINDS = kinds();

    private static Map<String, Function<List<Parameter>, Optimizer>> kinds() {
        SequencedMap<String, Function<List<Parameter>, Optimizer>> kinds = new LinkedHashMap<>();
        kinds.put("SGD", it -> Sgd.of(it, 0.01));
        kinds.put("Adagrad", it -> Adagrad.of(it, 0.1));
        kinds.put(
                "momentum",
                it -> Sgd.of(it, 0.01, config -> config.momentum(0.9).weightDecay(0.1)));
        kinds.put("Adam", it -> Adam.of(it, 0.1));
        kinds.put("AMSGrad", it -> Adam.of(it, 0.1, config -> config.amsgrad().maximize()));
        kinds.put("AdamW", it -> AdamW.of(it, 0.1));
        kinds.put("RMSprop", it -> RmsProp.of(it, 0.01, config -> config.centered().momentum(0.5)));
        kinds.put("Adadelta", it -> Adadelta.of(it, 1));
        kinds.put("Adamax", it -> Adamax.of(it, 0.1));
        kinds.put("NAdam", it -> NAdam.of(it, 0.1));
        kinds.put("RAdam", it -> RAdam.of(it, 0.1));
        kinds.put(
                "clipped",
                it ->
                        Optimizer.of(
                                it,
                                0.1,
                                Transforms.chain(
                                        List.of(
                                                Transforms.clipByValue(0.5),
                                                Transforms.adamMoments(0.9, 0.99)))));
        kinds.put("LBFGS", it -> Lbfgs.of(it, 0.1, config -> config.maxIterations(2)));
        return kinds;
    }

    @Provide
    Arbitrary<String> kind() {
        return Arbitraries.of(KINDS.keySet());
    }

    @Provide
    Arbitrary<String> unmoved() {
        return Arbitraries.of("SGD", "Adagrad");
    }

    @Provide
    Arbitrary<String> elementwise() {
        return Arbitraries.of(KINDS.keySet().stream().filter(it -> !it.equals("LBFGS")).toList());
    }

    @Provide
    Arbitrary<List<long[]>> steps() {
        return Arbitraries.longs()
                .between(0, COUNT - 1)
                .array(long[].class)
                .ofMinSize(1)
                .ofMaxSize(8)
                .list()
                .ofMaxSize(8);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void whatDoesNotMoveByItselfLearnsAsWithGradientsOfAllElements(
            @ForAll("unmoved") String kind,
            @ForAll("steps") List<long[]> steps,
            @ForAll boolean twice,
            @ForAll long seed) {
        Table sparse = new Table(kind, seed, true);
        Table dense = new Table(kind, seed, false);

        for (long[] index : steps) {
            sparse.step(twice, index);
            dense.step(twice, index);
        }

        assertEquals(dense.bits(), sparse.bits());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void whereAllRowsAreLookedUpAllLearnAsWithGradientsOfAllElements(
            @ForAll("elementwise") String kind,
            @ForAll("steps") List<long[]> steps,
            @ForAll boolean twice,
            @ForAll long seed) {
        Table sparse = new Table(kind, seed, true);
        Table dense = new Table(kind, seed, false);
        long[] all = LongStream.range(0, COUNT).toArray();

        for (long[] index : steps) {
            long[] more = LongStream.concat(Arrays.stream(index), Arrays.stream(all)).toArray();
            sparse.step(twice, more);
            dense.step(twice, more);
        }

        assertEquals(dense.bits(), sparse.bits());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void rowsThatAreNotLookedUpStayAsTheyAreAndSoDoesWhatIsRememberedOfThem(
            @ForAll("elementwise") String kind,
            @ForAll("steps") List<long[]> steps,
            @ForAll long seed) {
        Table table = new Table(kind, seed, true);
        table.step(false, 0, 1, 2, 3, 4, 5);

        for (long[] index : steps) {
            Map<String, String> before = table.rows();
            table.step(false, index);
            Map<String, String> after = table.rows();
            for (int row = 0; row < COUNT; row++) {
                int at = row;
                if (Arrays.stream(index).noneMatch(it -> it == at)) {
                    before.forEach((name, bits) -> {
                        if (name.endsWith("[" + at + "]")) {
                            assertEquals(bits, after.get(name), name);
                        }
                    });
                }
            }
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aLoadedOptimizerGoesOnAsTheOldOneWouldHave(
            @ForAll("kind") String kind,
            @ForAll("steps") List<long[]> steps,
            @ForAll @IntRange(max = 8) int cut,
            @ForAll long seed) {
        Table whole = new Table(kind, seed, true);
        Table first = new Table(kind, seed, true);
        int at = Math.min(cut, steps.size());
        for (long[] index : steps.subList(0, at)) {
            whole.step(false, index);
            first.step(false, index);
        }
        Table second = new Table(kind, seed + 1, true);
        second.table.assign(first.table.value().detach().copy());
        second.optimizer.loadStateDict(first.optimizer.stateDict());

        for (long[] index : steps.subList(at, steps.size())) {
            whole.step(false, index);
            second.step(false, index);
        }

        assertEquals(whole.bits(), second.bits());
    }

    /// A table and its optimizer.
    private static final class Table {
        private final Parameter table;
        private final Optimizer optimizer;

        private Table(String kind, long seed, boolean sparse) {
            table = Parameter.of(Tensor.normal(RandomKey.of(seed), Shape.of(COUNT, 3)));
            table.rowSparse(sparse);
            optimizer = Objects.requireNonNull(KINDS.get(kind)).apply(List.of(table));
        }

        private void step(boolean twice, long... index) {
            TensorScope.run(
                    "step",
                    () ->
                            optimizer.step(() -> {
                                optimizer.zeroGrad();
                                Tensor loss = loss(index);
                                loss.backward();
                                if (twice) {
                                    loss(index).mul(0.5).backward();
                                }
                                return OptionalDouble.of(loss.item());
                            }));
        }

        private Tensor loss(long... index) {
            Tensor rows = table.value().indexSelect(0, Tensor.of(index));
            Tensor first = table.value().indexSelect(0, Tensor.of(index[0]));
            return rows.sub(1).square().sum().add(first.tanh().sum());
        }

        private Map<String, Tensor> tensors() {
            Map<String, Tensor> all = new LinkedHashMap<>(optimizer.stateDict());
            all.put("value", table.value().detach());
            return all;
        }

        private String bits() {
            StringBuilder text = new StringBuilder();
            tensors().forEach((name, tensor) -> text.append(name).append(bits(tensor)));
            return text.toString();
        }

        /// Of each tensor of the table's shape, by name and row.
        private Map<String, String> rows() {
            Map<String, String> rows = new LinkedHashMap<>();
            tensors()
                    .forEach((name, tensor) -> {
                        for (int i = 0; i < COUNT && tensor.rank() == 2; i++) {
                            rows.put(name + "[" + i + "]", bits(tensor.select(0, i)));
                        }
                    });
            return rows;
        }

        private static String bits(Tensor tensor) {
            List<Long> bits = new ArrayList<>();
            for (double value : tensor.cast(DType.FLOAT64).toDoubles()) {
                bits.add(Double.doubleToRawLongBits(value));
            }
            return bits.toString();
        }
    }
}
