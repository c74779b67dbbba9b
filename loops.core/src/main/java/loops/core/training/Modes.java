package loops.core.training;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tensor.nn.Module;

/// The modes of a module's parts: each is in training or in evaluation, whatever the module around it is in.
final class Modes {
    private Modes() {}

    /// {@return the paths of the parts that are in evaluation, from the outside in; that of the module is empty}
    static List<String> evaluating(Module module) {
        var paths = new ArrayList<String>();
        collect(module, "", paths);
        return List.copyOf(paths);
    }

    private static void collect(Module module, String path, List<String> paths) {
        if (!module.training()) {
            paths.add(path);
        }
        module.children().forEach((name, part) -> collect(part, below(path, name), paths));
    }

    /// Turns parts to evaluation, and all others to training.
    static void set(Module module, Collection<String> evaluating) {
        set(module, "", evaluating);
    }

    private static void set(Module module, String path, Collection<String> evaluating) {
        if (evaluating.contains(path)) {
            module.eval();
        } else {
            module.train();
        }
        module.children().forEach((name, part) -> set(part, below(path, name), evaluating));
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
