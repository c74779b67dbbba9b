package tensor.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import tensor.layout.Layout;
import tensor.spi.Operand;

/// The kernels of one device, each compiled with its family when one of them is first asked for.
final class Kernels {
    /// Threads of a group where a kernel works on elements, one each.
    static final int GROUP = 256;

    private final Driver driver;
    private final String prelude;
    private final ConcurrentHashMap<Object, Map<String, Driver.Kernel>> families =
            new ConcurrentHashMap<>();

    Kernels(Driver driver) {
        this.driver = driver;
        this.prelude = driver.traits().dialect().prelude();
    }

    /// {@return a kernel of a family}
    ///
    /// @param family equal for equal texts
    /// @param name of the kernel
    /// @param text what is compiled at the first call
    Driver.Kernel get(Object family, String name, Supplier<KernelText> text) {
        Map<String, Driver.Kernel> kernels = families.get(family);
        if (kernels == null) {
            kernels = families.computeIfAbsent(family, _ -> compile(text.get()));
        }
        Driver.Kernel kernel = kernels.get(name);
        if (kernel == null) {
            throw new AssertionError("no kernel %s in %s".formatted(name, kernels.keySet()));
        }
        return kernel;
    }

    private Map<String, Driver.Kernel> compile(KernelText text) {
        return driver.compile(prelude + text.text(), text.names());
    }

    /// Launches as many groups as there have to be for `count` items; a kernel looks itself which threads are too many.
    ///
    /// @param itemsOfGroup how many items a group works on
    /// @param groupSize threads of a group
    void launch(
            Driver.Kernel kernel,
            long count,
            long itemsOfGroup,
            int groupSize,
            List<Driver.Argument> arguments) {
        if (count > 0) {
            driver.launch(kernel, Math.ceilDiv(count, itemsOfGroup), groupSize, arguments);
        }
    }

    /// Launches one thread for each of `count` elements.
    void forEach(Driver.Kernel kernel, long count, List<Driver.Argument> arguments) {
        launch(kernel, count, GROUP, GROUP, arguments);
    }

    /// Launches a kernel of [MapText].
    ///
    /// @param operands the outputs and the inputs, of one shape
    void elements(Driver.Kernel kernel, List<Operand> operands) {
        Walk.over(operands.stream().map(Operand::layout).toArray(Layout[]::new))
                .forEachPart(walk -> {
                    List<Driver.Argument> arguments = new ArrayList<>();
                    arguments.add(walk.argument());
                    for (int i = 0; i < operands.size(); i++) {
                        arguments.add(GpuBackend.memory(operands.get(i)));
                        arguments.add(walk.place(i));
                    }
                    forEach(kernel, walk.count(), arguments);
                });
    }

    /// Launches a kernel of [RowText].
    ///
    /// @param folding its text's
    /// @param length of a row, at most [RowText#LONGEST]
    /// @param operands the outputs and the inputs
    void rows(Driver.Kernel kernel, RowFolding folding, long length, List<Lines> operands) {
        int lanes = RowText.lanes(length);
        lines(
                kernel,
                operands,
                folding.groupSize(),
                folding.rowsOfGroup(lanes),
                List.of(),
                length,
                lanes);
    }

    /// Launches a kernel of lines, one thread for each.
    ///
    /// @param operands in the order of the kernel's arguments
    /// @param numbers what stands between the domain and the operands
    void lines(Driver.Kernel kernel, List<Lines> operands, long... numbers) {
        lines(kernel, operands, GROUP, GROUP, List.of(), numbers);
    }

    /// Launches a kernel of lines.
    ///
    /// @param operands in the order of the kernel's arguments
    /// @param groupSize threads of a group
    /// @param linesOfGroup how many lines these work on
    /// @param more what follows the operands
    /// @param numbers what stands between the domain and the operands
    void lines(
            Driver.Kernel kernel,
            List<Lines> operands,
            int groupSize,
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
                    launch(kernel, walk.count(), linesOfGroup, groupSize, arguments);
                });
    }
}
