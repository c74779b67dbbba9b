package tensor.cuda;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import jcuda.driver.JCudaDriver;

/// Brings JCuda to find a native library on the module path, too.
///
/// JCuda looks for it with the system's loader, then in its own module, then under a fixed name in `java.io.tmpdir`. Its
/// natives are a module of their own, so the second fails; and a fixed name in a folder that is anyone's could be anyone's
/// file. So we put it into a folder that is ours alone, and point JCuda there while its class is initialized.
final class JCudaNatives {
    private static final String MODULE = "jcuda.natives";
    private static final String PLACE = "java.io.tmpdir";

    private JCudaNatives() {}

    /// Loads the library of the driver; to be called before JCuda is used.
    ///
    /// @throws LinkageError if that fails
    static void load() {
        load(
                "JCudaDriver",
                () -> JCudaDriver.setExceptionsEnabled(false)); // we look at each status
    }

    /// Loads a library.
    ///
    /// @param library its name
    /// @param first uses JCuda's class of it
    /// @throws LinkageError if that fails
    static synchronized void load(String library, Runnable first) {
        String name = LibUtils.createPlatformLibraryName(library + "-" + JCudaVersion.get());
        String file = LibUtils.createLibraryFileName(name);
        try (InputStream in = stream("lib/" + file)) {
            Path folder = Files.createTempDirectory("jcuda"); // for its owner alone
            Path unpacked = folder.resolve(file);
            Files.copy(in, unpacked);
            String place = System.getProperty(PLACE);
            System.setProperty(PLACE, folder.toString());
            try {
                first.run();
            } finally {
                System.setProperty(PLACE, place);
                Files.deleteIfExists(unpacked); // what is mapped stays
                Files.deleteIfExists(folder);
            }
        } catch (FileNotFoundException _) {
            first.run(); // it may still be in java.library.path
        } catch (IOException e) {
            var error = new UnsatisfiedLinkError("%s cannot be unpacked: %s".formatted(file, e));
            error.initCause(e);
            throw error;
        }
    }

    /// {@return the line of an error that says what is wrong} JCuda's own is thirty lines, of which the first says again
    /// that something does not load; the second time the class only names the first error as its cause.
    static String reason(LinkageError error) {
        Throwable first = error;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String said = String.valueOf(first.getMessage());
        return said.lines()
                .filter(line -> line.contains(".so: "))
                .map(line -> line.replaceFirst(".*?\\.so: ", ""))
                .findFirst()
                .orElseGet(() ->
                        said.lines()
                                .findFirst()
                                .orElse("")
                                .replace("Error while loading native library ", ""));
    }

    private static InputStream stream(String resource) throws IOException {
        Module own = JCudaNatives.class.getModule();
        Module natives = own.isNamed() ? own.getLayer().findModule(MODULE).orElse(own) : own;
        InputStream in =
                natives == own
                        ? JCudaNatives.class.getClassLoader().getResourceAsStream(resource)
                        : natives.getResourceAsStream(resource);
        if (in == null) {
            throw new FileNotFoundException(resource);
        }
        return in;
    }
}
