package tensor.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where CUDA's libraries may lie on this machine: NVIDIA's packages put them in a dozen places, few of which the system's
/// loader knows.
///
/// @param named folders of the user, which come before the loader's
/// @param usual folders that come after them
record LibraryFolders(List<Path> named, List<Path> usual) {
    /// The property that names folders.
    static final String PROPERTY = "tensor.cuda.libs";

    /// {@return the folders of this machine}
    static LibraryFolders ofThisMachine() {
        return of(System.getProperty(PROPERTY, ""), System.getenv());
    }

    /// {@return the folders by what a user says}
    ///
    /// @param property folders, as in a PATH
    /// @param environment variables
    static LibraryFolders of(String property, Map<String, String> environment) {
        List<Path> usual = new ArrayList<>();
        for (String name : List.of("CUDA_HOME", "CUDA_PATH")) {
            ofToolkits(environment.getOrDefault(name, ""), usual);
        }
        for (String name : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            ofPython(environment.getOrDefault(name, ""), usual);
        }
        for (Path folder : split(environment.getOrDefault("PATH", ""))) {
            Path python = folder.resolve("python3");
            if (Files.exists(python) && folder.getParent() != null) {
                ofPython(folder.getParent().toString(), usual);
                realHome(python).ifPresent(home -> ofPython(home, usual)); // it may be a link
            }
        }
        ofPython(environment.getOrDefault("HOME", "") + "/.local", usual);
        ofPython("/usr", usual);
        ofPython("/usr/local", usual);
        ofToolkits("/usr/local/cuda", usual);
        matching(Path.of("/usr/local"), "cuda-*").forEach(each -> ofToolkits(each + "", usual));
        usual.add(Path.of("/usr/local/nvidia/lib64"));
        usual.add(Path.of("/usr/lib/wsl/lib"));
        return new LibraryFolders(
                split(property).stream().map(Path::toAbsolutePath).toList(),
                usual.stream().filter(Files::isDirectory).distinct().toList());
    }

    private static void ofToolkits(String home, List<Path> folders) {
        if (!home.isEmpty()) {
            folders.add(Path.of(home, "lib64"));
            folders.add(Path.of(home, "lib"));
        }
    }

    private static Optional<String> realHome(Path python) {
        try {
            return Optional.ofNullable(python.toRealPath().getParent())
                    .map(Path::getParent)
                    .map(Path::toString);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static void ofPython(String home, List<Path> folders) {
        if (home.isEmpty()) {
            return;
        }
        Path root = Path.of(home);
        for (Path python : matching(root.resolve("lib"), "python3*")) {
            for (Path packages : matching(python, "{site,dist}-packages")) {
                for (Path part : matching(packages.resolve("nvidia"), "*")) {
                    folders.add(part.resolve("lib"));
                }
            }
        }
        folders.add(root.resolve("lib")); // conda
    }

    private static List<Path> split(String path) {
        List<Path> folders = new ArrayList<>();
        for (String part : path.split(File.pathSeparator, -1)) {
            if (!part.isEmpty()) {
                folders.add(Path.of(part));
            }
        }
        return folders;
    }

    /// {@return what lies in a folder under such a name, sorted, or nothing where there is no folder}
    static List<Path> matching(Path folder, String glob) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, glob)) {
            paths.forEach(found::add);
        } catch (IOException _) {
            return List.of(); // a folder that cannot be read holds nothing for us
        }
        found.sort(null);
        return found;
    }

    /// {@return a library that can be opened}
    ///
    /// @param name of its file, as `libcuda.so.1`
    /// @param before patterns of files that must be opened before it, where they lie beside it: they are found by name
    ///     then
    Optional<ForeignLibrary> open(String name, String... before) {
        for (Path folder : named) {
            Optional<ForeignLibrary> library = openIn(folder, name, before);
            if (library.isPresent()) {
                return library;
            }
        }
        Optional<ForeignLibrary> library = ForeignLibrary.open(name);
        for (int i = 0; library.isEmpty() && i < usual.size(); i++) {
            library = openIn(usual.get(i), name, before);
        }
        return library;
    }

    private static Optional<ForeignLibrary> openIn(Path folder, String name, String... before) {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        for (String glob : before) {
            matching(folder, glob).forEach(each -> ForeignLibrary.open(each.toString()));
        }
        return ForeignLibrary.open(file.toString());
    }
}
