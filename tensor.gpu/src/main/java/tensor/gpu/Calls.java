package tensor.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a driver was asked to start, in order.
final class Calls {
    /// One of them.
    private sealed interface Call {
        /// Asks for it again.
        void on(Driver driver);

        /// {@return what it is, on which memory, and what the host said in it}
        String said();
    }

    private record Launch(
            Recorder.Named kernel,
            long groups,
            int groupSize,
            List<Driver.Argument> arguments,
            List<String> places)
            implements Call {
        @Override
        public void on(Driver driver) {
            driver.launch(kernel.kernel(), groups, groupSize, arguments);
        }

        @Override
        public String said() {
            var numbers = new StringBuilder();
            for (Driver.Argument argument : arguments) {
                if (argument instanceof Driver.Numbers(long[] values)) {
                    numbers.append(' ').append(Arrays.toString(values));
                }
            }
            return "%s of %d times %d on %s with%s"
                    .formatted(kernel.name(), groups, groupSize, places, numbers);
        }
    }

    private record Fill(Driver.Memory target, long byteSize, byte value, String place)
            implements Call {
        @Override
        public void on(Driver driver) {
            driver.fill(target, byteSize, value);
        }

        @Override
        public String said() {
            return "fill %d bytes of %s with %d".formatted(byteSize, place, value);
        }
    }

    private record Multiply(ProductLibrary.Products products, List<String> places) implements Call {
        @Override
        public void on(Driver driver) {
            driver.products().orElseThrow().multiply(products);
        }

        @Override
        public String said() {
            return "multiply %s, %d of %d x %d x %d"
                    .formatted(
                            places,
                            products.count(),
                            products.rows(),
                            products.inner(),
                            products.columns());
        }
    }

    /// What was uploaded stays where it is.
    @SuppressWarnings("ArrayRecordComponent") // it is not compared
    private record Upload(byte[] host, String place) implements Call {
        @Override
        public void on(Driver driver) {}

        @Override
        public String said() {
            return "upload to %s: %s".formatted(place, Arrays.toString(host));
        }
    }

    private final Function<Driver.Memory, Optional<String>> names;
    private @Nullable IllegalStateException refusal;
    private final List<Call> all = new ArrayList<>();

    /// @param names what memory is called that may be used, each time alike
    Calls(Function<Driver.Memory, Optional<String>> names) {
        this.names = names;
    }

    void launch(
            Recorder.Named kernel, long groups, int groupSize, List<Driver.Argument> arguments) {
        List<String> places = new ArrayList<>();
        for (Driver.Argument argument : arguments) {
            if (argument instanceof Driver.Memory memory) {
                places.add(name(memory));
            }
        }
        all.add(new Launch(kernel, groups, groupSize, List.copyOf(arguments), places));
    }

    void fill(Driver.Memory target, long byteSize, byte value) {
        all.add(new Fill(target, byteSize, value, name(target)));
    }

    void multiply(ProductLibrary.Products products) {
        List<String> places =
                List.of(
                        name(products.a().memory()),
                        name(products.b().memory()),
                        name(products.out()));
        all.add(new Multiply(products, places));
    }

    void upload(Driver.Memory target, byte[] host) {
        all.add(new Upload(host, name(target)));
    }

    private String name(Driver.Memory memory) {
        return names.apply(memory)
                .orElseThrow(() ->
                        refuse(
                                "capture: a tensor is used that is no input, such as a parameter or a buffer; make it one, since it may have another place in the next step"));
    }

    /// {@return an exception to be thrown} It ends the capture, also if the body catches it.
    IllegalStateException refuse(String message) {
        var thrown = new IllegalStateException(message);
        refusal = refusal == null ? thrown : refusal;
        return thrown;
    }

    /// Throws what was refused, if anything was.
    void requireAccepted() {
        if (refusal != null) {
            throw refusal;
        }
    }

    /// {@return how many}
    int size() {
        return all.size();
    }

    /// Asks a driver for all of them.
    void on(Driver driver) {
        all.forEach(call -> call.on(driver));
    }

    /// Checks that the same was asked for another time.
    ///
    /// @param other in other memory
    /// @throws IllegalStateException if not
    void requireSame(Calls other) {
        for (int i = 0; i < Math.min(all.size(), other.all.size()); i++) {
            String one = all.get(i).said();
            String two = other.all.get(i).said();
            if (!one.equals(two)) {
                throw new IllegalStateException(
                        "capture: what is computed changes from one time to the next, in call %d of %d: '%s', then '%s'; a number that changes has to be an input"
                                .formatted(i + 1, all.size(), shown(one), shown(two)));
            }
        }
        if (all.size() != other.all.size()) {
            throw new IllegalStateException(
                    "capture: there are %d calls the first time and %d the second; what is computed may not depend on the host"
                            .formatted(all.size(), other.all.size()));
        }
    }

    private static String shown(String said) {
        return said.length() <= 120 ? said : said.substring(0, 120) + "..";
    }
}
