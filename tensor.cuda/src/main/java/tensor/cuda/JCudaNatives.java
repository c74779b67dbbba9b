package tensor.cuda;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import jcuda.driver.JCudaDriver;

/// Brings JCuda to find its native library on the module path, too.
///
/// JCuda looks for it with the system's loader, then in its own module, then under a fixed name in `java.io.tmpdir`. Its
/// natives are a module of their own, so the second fails; and a fixed name in a folder that is anyone's could be anyone's
/// file. So we put it into a folder that is ours alone, and point JCuda there while its class is initialized.
final class JCudaNatives {
    private static final String MODULE = "jcuda.natives";
    private static final String PLACE = "java.io.tmpdir";

    private JCudaNatives() {}

    /// Loads the library; to be called before JCuda is used.
    ///
    /// @throws LinkageError if that fails
    static synchronized void load() {
        String name = LibUtils.createPlatformLibraryName("JCudaDriver-" + JCudaVersion.get());
        String file = LibUtils.createLibraryFileName(name);
        try (InputStream in = stream("lib/" + file)) {
            Path folder = Files.createTempDirectory("jcuda"); // for its owner alone
            Path library = folder.resolve(file);
            Files.copy(in, library);
            String place = System.getProperty(PLACE);
            System.setProperty(PLACE, folder.toString());
            try {
                JCudaDriver.setExceptionsEnabled(false); // we look at each status
            } finally {
                System.setProperty(PLACE, place);
                Files.deleteIfExists(library); // what is mapped stays
                Files.deleteIfExists(folder);
            }
        } catch (FileNotFoundException _) {
            JCudaDriver.setExceptionsEnabled(false); // it may still be in java.library.path
        } catch (IOException e) {
            var error = new UnsatisfiedLinkError("%s cannot be unpacked: %s".formatted(file, e));
            error.initCause(e);
            throw error;
        }
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
