package tensor.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// What a driver was asked to start, in order.
final class Calls {
    /// One of them.
    private sealed interface Call {
        /// Asks for it again.
        void on(Driver driver);

        /// {@return what it is, and what the host said in it; not where it works}
        String said();
    }

    private record Launch(
            Recorder.Named kernel, long groups, int groupSize, List<Driver.Argument> arguments)
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
            return "%s of %d times %d with%s".formatted(kernel.name(), groups, groupSize, numbers);
        }
    }

    private record Fill(Driver.Memory target, long byteSize, byte value) implements Call {
        @Override
        public void on(Driver driver) {
            driver.fill(target, byteSize, value);
        }

        @Override
        public String said() {
            return "fill %d bytes with %d".formatted(byteSize, value);
        }
    }

    private record Multiply(ProductLibrary.Products products) implements Call {
        @Override
        public void on(Driver driver) {
            driver.products().orElseThrow().multiply(products);
        }

        @Override
        public String said() {
            return "multiply %d of %d x %d x %d"
                    .formatted(
                            products.count(),
                            products.rows(),
                            products.inner(),
                            products.columns());
        }
    }

    /// What was uploaded stays where it is.
    @SuppressWarnings("ArrayRecordComponent") // it is not compared
    private record Upload(byte[] host) implements Call {
        @Override
        public void on(Driver driver) {}

        @Override
        public String said() {
            return "upload " + Arrays.toString(host);
        }
    }

    private final Predicate<Driver.Memory> isKnown;
    private final List<Call> all = new ArrayList<>();

    /// @param isKnown which memory may be used
    Calls(Predicate<Driver.Memory> isKnown) {
        this.isKnown = isKnown;
    }

    void launch(
            Recorder.Named kernel, long groups, int groupSize, List<Driver.Argument> arguments) {
        for (Driver.Argument argument : arguments) {
            if (argument instanceof Driver.Memory memory) {
                check(memory);
            }
        }
        all.add(new Launch(kernel, groups, groupSize, List.copyOf(arguments)));
    }

    void fill(Driver.Memory target, long byteSize, byte value) {
        check(target);
        all.add(new Fill(target, byteSize, value));
    }

    void multiply(ProductLibrary.Products products) {
        check(products.a().memory());
        check(products.b().memory());
        check(products.out());
        all.add(new Multiply(products));
    }

    void upload(Driver.Memory target, byte[] host) {
        check(target);
        all.add(new Upload(host));
    }

    private void check(Driver.Memory memory) {
        if (!isKnown.test(memory)) {
            throw new IllegalStateException(
                    "capture: a tensor is used that is no input, such as a parameter or a buffer; make it one, since it may have another place in the next step");
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
