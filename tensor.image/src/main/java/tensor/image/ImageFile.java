package tensor.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import tensor.io.HostTensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Pictures in files: PNG, JPEG, and what else the platform reads (BMP, GIF, TIFF).
///
/// A picture is float32 `[channels, height, width]`, from 0 for dark to 1 for bright, row 0 on top: the numbers of the file over
/// the greatest of their kind, 255 or, in a grey picture of 16 bits, 65535.
///
/// ```java
/// Tensor picture = ImageFile.read(file, Channels.RGB).tensor();
/// ```
public final class ImageFile {
    /// How many pixels a picture may have that is read without a limit of one's own.
    public static final long MAX_PIXELS = 1L << 26;

    private ImageFile() {}

    /// {@return the picture in a file, of at most [#MAX_PIXELS] pixels}
    ///
    /// @param file where it is
    /// @param channels what of its colours becomes a channel
    /// @throws ImageFileException if the bytes are no picture that can be read, or one of more pixels
    /// @throws IOException if the file cannot be read
    public static HostTensor read(Path file, Channels channels) throws IOException {
        return read(file, channels, MAX_PIXELS);
    }

    /// {@return the picture in a file} How many pixels a file says to have is checked before memory is taken for them.
    ///
    /// @param file where it is
    /// @param channels what of its colours becomes a channel
    /// @param maxPixels how many pixels it may have
    /// @throws ImageFileException if the bytes are no picture that can be read, or one of more pixels
    /// @throws IOException if the file cannot be read
    public static HostTensor read(Path file, Channels channels, long maxPixels) throws IOException {
        try (var in = new MemoryCacheImageInputStream(Files.newInputStream(file))) {
            BufferedImage picture = picture(file, in, maxPixels);
            return HostTensor.of(
                    Pixels.values(picture, channels),
                    Shape.of(channels.count(), picture.getHeight(), picture.getWidth()));
        }
    }

    /// The platform's readers answer damaged files with exceptions of many kinds, so all of them mean that.
    private static BufferedImage picture(Path file, ImageInputStream in, long maxPixels)
            throws IOException {
        var readers = ImageIO.getImageReaders(in);
        if (!readers.hasNext()) {
            throw new ImageFileException(
                    file, "is no picture of a format that can be read, as PNG and JPEG");
        }
        ImageReader reader = readers.next();
        try {
            reader.setInput(in, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > maxPixels) {
                throw new ImageFileException(
                        file,
                        "has %d × %d pixels; at most %d may be read: give a higher limit"
                                .formatted(reader.getWidth(0), reader.getHeight(0), maxPixels));
            }
            return reader.read(0);
        } catch (ImageFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ImageFileException(
                    file, "the picture is damaged: %s".formatted(e.getMessage()), e);
        } finally {
            reader.dispose();
        }
    }

    /// Writes a picture as PNG, replacing what stood there. Values outside of 0 to 1 become the nearest of these.
    ///
    /// @param file where it is
    /// @param picture float32 `[1, height, width]`, or 3 or 4 in place of 1 for colours, and with opacity
    /// @throws IllegalArgumentException if it has another type or shape
    /// @throws IOException if the file cannot be written
    public static void write(Path file, HostTensor picture) throws IOException {
        Shape shape = picture.shape();
        if (picture.dtype() != DType.FLOAT32 || shape.rank() != 3) {
            throw new IllegalArgumentException(
                    "ImageFile.write: the tensor is %s %s; it needs float32 [channels, height, width]"
                            .formatted(picture.dtype(), shape));
        }
        Channels channels = channels(shape);
        int height = shape.size(1);
        int width = shape.size(2);
        if (height == 0 || width == 0) {
            throw new IllegalArgumentException(
                    "ImageFile.write: %s has no pixel; a picture has one or more".formatted(shape));
        }
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        float[] values = picture.toFloats();
        for (int pixel = 0; pixel < height * width; pixel++) {
            image.setRGB(
                    pixel % width, pixel / width, channels.argb(values, pixel, height * width));
        }
        try (var out = Files.newOutputStream(file)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IOException("the platform has no writer of PNG");
            }
        }
    }

    private static Channels channels(Shape shape) {
        for (Channels channels : Channels.values()) {
            if (channels.count() == shape.size(0)) {
                return channels;
            }
        }
        throw new IllegalArgumentException(
                "ImageFile.write: %s has %d channels; a picture has 1, 3 or 4"
                        .formatted(shape, shape.size(0)));
    }
}
