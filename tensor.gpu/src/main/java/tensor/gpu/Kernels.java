package tensor.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import tensor.layout.Layout;

/// The kernels of one device, each compiled when it is first asked for.
final class Kernels {
    /// Threads of a group where a kernel works on elements, one each.
    static final int GROUP = 256;

    private final Driver driver;
    private final String prelude;
    private final ConcurrentHashMap<Object, Driver.Kernel> compiled = new ConcurrentHashMap<>();

    Kernels(Driver driver) {
        this.driver = driver;
        this.prelude = driver.traits().dialect().prelude();
    }

    /// {@return the kernel of a key}
    ///
    /// @param key equal for equal texts
    /// @param text what is compiled at the first call
    Driver.Kernel get(Object key, Supplier<KernelText> text) {
        Driver.Kernel kernel = compiled.get(key);
        return kernel != null ? kernel : compiled.computeIfAbsent(key, _ -> compile(text.get()));
    }

    private Driver.Kernel compile(KernelText text) {
        return driver.compile(prelude + text.text(), text.name());
    }

    /// Launches one thread for each of `count` elements; a kernel looks itself which threads are too many.
    void forEach(Driver.Kernel kernel, long count, List<Driver.Argument> arguments) {
        if (count > 0) {
            driver.launch(kernel, Math.ceilDiv(count, GROUP), GROUP, arguments);
        }
    }

    /// Launches a kernel of lines, some for each group.
    ///
    /// @param operands in the order of the kernel's arguments
    /// @param numbers what stands between the domain and the operands
    void lines(Driver.Kernel kernel, List<Lines> operands, long linesOfGroup, long... numbers) {
        lines(kernel, operands, linesOfGroup, List.of(), numbers);
    }

    /// The same with more arguments behind the operands.
    void lines(
            Driver.Kernel kernel,
            List<Lines> operands,
            long linesOfGroup,
            List<Driver.Argument> more,
            long... numbers) {
        Walk.over(operands.stream().map(Lines::starts).toArray(Layout[]::new))
                .forEachPart(walk -> {
                    List<Driver.Argument> arguments = new ArrayList<>();
                    arguments.add(walk.argument());
                    for (long number : numbers) {
                        arguments.add(new Driver.Numbers(number));
                    }
                    for (int i = 0; i < operands.size(); i++) {
                        arguments.add(operands.get(i).memory());
                        arguments.add(walk.place(i));
                        arguments.add(new Driver.Numbers(operands.get(i).step()));
                    }
                    arguments.addAll(more);
                    long groups = Math.ceilDiv(walk.count(), linesOfGroup);
                    if (groups > 0) {
                        driver.launch(kernel, groups, GROUP, arguments);
                    }
                });
    }
}
