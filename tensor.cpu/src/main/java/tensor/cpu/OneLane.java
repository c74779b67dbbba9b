package tensor.cpu;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;
import tensor.spi.Backend;

/// Loads this backend once more, for a JVM without module `jdk.incubator.vector`: its own classes as they are, and under the names
/// of the module's classes those of package `tensor.cpu.scalar`, vectors of one lane.
///
/// So there is one source for every kernel, and the same operation in every lane makes the same bits. Everything else, the
/// interfaces of a backend among it, comes from where our own class does.
final class OneLane extends ClassLoader {
    private static final String VECTORS = "jdk.incubator.vector";
    private static final String BACKEND = OneLane.class.getPackageName();
    private static final String LANES = BACKEND + ".scalar";

    private OneLane(@Nullable ClassLoader parent) {
        super("one-lane", parent);
    }

    /// {@return a backend that computes with vectors of one lane}
    ///
    /// @param threads how many threads work on one operation, at least 1
    /// @param debug whether released memory is filled with NaN
    static Backend backend(int threads, boolean debug) {
        try {
            Constructor<?> backend =
                    new OneLane(OneLane.class.getClassLoader())
                            .loadClass(CpuBackend.class.getName())
                            .getDeclaredConstructor(int.class, boolean.class);
            backend.setAccessible(true); // for us it is in another package of the same name
            return (Backend) backend.newInstance(threads, debug);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("OneLane: cannot load " + CpuBackend.class, e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            if (name.startsWith(BACKEND + ".") || name.startsWith(VECTORS + ".")) {
                byte[] file = file(name);
                return defineClass(name, file, 0, file.length);
            }
            return super.loadClass(name, resolve);
        }
    }

    private static byte[] file(String name) throws ClassNotFoundException {
        boolean isVector = name.startsWith(VECTORS);
        String read = isVector ? name.replace(VECTORS, LANES) : name;
        String path = read.substring(BACKEND.length() + 1).replace('.', '/') + ".class";
        try (InputStream in = OneLane.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] file = in.readAllBytes();
            return isVector ? renamed(file) : file;
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /// A class file in which our package has the name of the module's: in the texts of the constant pool, where all names are.
    private static byte[] renamed(byte[] file) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(file));
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(in.readNBytes(8)); // magic number and version
        int end = in.readUnsignedShort();
        out.writeShort(end);
        for (int i = 1; i < end; i++) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            switch (tag) {
                case 1 -> out.writeUTF(in.readUTF().replace(path(LANES), path(VECTORS)));
                case 7, 8, 16 -> out.write(in.readNBytes(2)); // class, string, method type
                case 15 -> out.write(in.readNBytes(3)); // method handle
                case 5, 6 -> { // long and double, which count twice
                    out.write(in.readNBytes(8));
                    i++;
                }
                default -> out.write(in.readNBytes(4));
            }
        }
        in.transferTo(out);
        return bytes.toByteArray();
    }

    private static String path(String name) {
        return name.replace('.', '/') + '/';
    }
}
