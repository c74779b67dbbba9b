package bench;

import bench.steps.OurStep;
import bench.steps.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tensor.api.Device;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.Operand;

/// How fast one device is: products of matrices, passes over memory, training steps of five models.
///
/// A time is that of one run among as many as take a fifth of a second, with one wait for the device behind them; the median of
/// five. A step reads its loss, so it waits each time; each is made plain, and captured as a whole.
@Command(
        name = "device",
        description = "Products, bandwidth and training steps on one device, in a line each.")
final class DeviceBench implements Callable<Integer> {
    private static final int ROUNDS = 5;

    /// Stands behind the name of a step that is captured as a whole.
    private static final String CAPTURED = ", captured";

    /// Stands behind the name of a product into memory that is there, with no tensors around it.
    private static final String ALONE = ", alone";

    private static final long NANOS_OF_ROUND = 200_000_000;

    /// What is measured.
    private enum Part {
        PRODUCTS,
        ELEMENTS,
        STEPS
    }

    /// A line of the table.
    ///
    /// @param name what was run
    /// @param millis of one run
    /// @param rate of it, or 0
    /// @param unit of the rate
    private record Row(String name, double millis, double rate, String unit) {
        @Override
        public String toString() {
            String line = String.format(Locale.ROOT, "%-44s %12.4f ms", name, millis);
            return unit.isEmpty()
                    ? line
                    : String.format(Locale.ROOT, "%s %10.3f %s", line, rate, unit);
        }
    }

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--device",
            defaultValue = "${sys:tensor.device:-auto}",
            paramLabel = "NAME",
            description = "Which device; auto if none is named.")
    private String device = "auto";

    @Option(
            names = "--only",
            paramLabel = "PART",
            description = "products, elements or steps; all if none is named.")
    private @Nullable Part only;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there too.")
    private @Nullable Path json;

    @Option(names = "--smoke", description = "Tiny sizes, to see that it runs.")
    private boolean smoke;

    private final List<Row> rows = new ArrayList<>();

    DeviceBench() {}

    @Override
    public Integer call() throws IOException {
        chosen().run(this::measure);
        if (json != null) {
            JsonFile.write(
                    json,
                    rows,
                    (file, row) -> {
                        file.writeStringProperty("name", row.name);
                        file.writeNumberProperty("ms", row.millis);
                        if (!row.unit.isEmpty()) {
                            file.writeNumberProperty("rate", row.rate);
                            file.writeStringProperty("unit", row.unit);
                        }
                    });
        }
        System.out.println("bench device: %d lines on %s".formatted(rows.size(), device));
        return 0;
    }

    private Device chosen() {
        try {
            return Device.of(device);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void measure() {
        if (takes(Part.PRODUCTS)) {
            for (int size : smoke ? new int[] {32} : new int[] {1024, 2048, 4096, 8192}) {
                product(size);
            }
        }
        if (takes(Part.ELEMENTS)) {
            elements(smoke ? 1 << 10 : 1 << 26);
        }
        if (takes(Part.STEPS)) {
            List<Supplier<Work>> works = new ArrayList<>(smoke ? Work.tiny() : Work.all(128));
            works.addAll(smoke ? List.of() : Work.all(1024));
            works.forEach(this::step);
        }
    }

    private boolean takes(Part part) {
        return only == null || only == part;
    }

    private void product(int size) {
        scoped(() -> {
            Tensor a = numbers(size, size);
            Tensor b = numbers(size, size);
            double flops = 2.0 * size * size * size;
            add("product " + size, "TFLOP/s", flops / 1e9, () -> a.matMul(b));
            Backend backend = Device.current().backend();
            Operand out = on(backend, size);
            Operand x = on(backend, size);
            Operand w = on(backend, size);
            backend.random(1, 1, x);
            backend.random(1, 2, w);
            String alone = "product " + size + ALONE;
            add(alone, "TFLOP/s", flops / 1e9, () -> backend.matMul(x, w, out));
        });
    }

    private static Operand on(Backend backend, int size) {
        Shape shape = Shape.of(size, size);
        return new Operand(
                backend.allocate(DType.FLOAT32, shape.elementCount()), Layout.contiguous(shape));
    }

    private void elements(int count) {
        scoped(() -> {
            Tensor a = numbers(count);
            Tensor b = numbers(count);
            double bytes = 4.0 * count;
            add("a + b, " + count, "GB/s", 3 * bytes / 1e6, () -> a.add(b));
            add("exp(a), " + count, "GB/s", 2 * bytes / 1e6, () -> a.exp());
            add("sum(a), " + count, "GB/s", bytes / 1e6, () -> a.sum());
        });
    }

    private void step(Supplier<Work> made) {
        Work work = made.get();
        var plain = new OurStep(work);
        add(work.name(), "", 0, plain::run);
        try (var step = plain.captured()) {
            Runnable run = () -> step.apply(work.input(), work.target()).item();
            add(work.name() + CAPTURED, "", 0, run);
        }
    }

    /// Adds a line.
    ///
    /// @param amount what one run does: its rate is this over milliseconds
    private void add(String name, String unit, double amount, Runnable run) {
        double millis = millis(() -> scoped(run));
        rows.add(new Row(name, millis, unit.isEmpty() ? 0 : amount / millis, unit));
        System.out.println(rows.getLast());
    }

    private double millis(Runnable run) {
        long nanos = smoke ? 1 : NANOS_OF_ROUND;
        time(run, nanos); // compiles kernels
        time(run, nanos);
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            times.add(time(run, nanos));
        }
        return Contest.median(times);
    }

    /// {@return milliseconds of a run}
    private static double time(Runnable run, long nanosOfRound) {
        Backend backend = Device.current().backend();
        int runs = 1;
        while (true) {
            long start = System.nanoTime();
            for (int i = 0; i < runs; i++) {
                run.run();
            }
            backend.synchronize();
            long passed = System.nanoTime() - start;
            if (passed >= nanosOfRound / 2) {
                return passed / 1e6 / runs;
            }
            runs = (int) Math.min(4L * runs, 1 + runs * nanosOfRound / Math.max(1, passed));
        }
    }

    private static void scoped(Runnable body) {
        TensorScope.call(
                "bench",
                _ -> {
                    body.run();
                    return 0;
                });
    }

    private static Tensor numbers(int... sizes) {
        return Tensor.normal(RandomKey.of(1), Shape.of(sizes));
    }
}
