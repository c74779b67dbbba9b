package tensor.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tensor.io.HostTensor;
import tensor.layout.Shape;

class ImageFileTest {
    private static final int DAMAGED_FILES = 1_000;

    @TempDir private Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        float[] values = new float[4 * 2 * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = i < 18 ? i * 15 / 255f : 1;
        }
        HostTensor colours = HostTensor.of(values, Shape.of(4, 2, 3));
        Path file = folder.resolve("a.png");

        ImageFile.write(file, colours);

        assertEquals(colours, ImageFile.read(file, Channels.RGBA));
        HostTensor rgb = ImageFile.read(file, Channels.RGB);
        assertEquals(Shape.of(3, 2, 3), rgb.shape());
        assertArrayEquals(Arrays.copyOf(values, 18), rgb.toFloats());
    }

    @Test
    void brightnessIsMadeOfTheColours() throws IOException {
        Path file = folder.resolve("a.png");
        ImageFile.write(file, HostTensor.of(new float[] {1, 0, 0}, Shape.of(3, 1, 1)));

        assertArrayEquals(new float[] {0.299f}, ImageFile.read(file, Channels.GRAY).toFloats());

        ImageFile.write(
                file, HostTensor.of(new float[] {-3, 7, Float.NaN, 0.2f}, Shape.of(1, 2, 2)));
        assertArrayEquals(
                new float[] {0, 1, 0, 0.2f}, ImageFile.read(file, Channels.GRAY).toFloats(), 1e-6f);
    }

    @Test
    void jpegFilesAreRead() throws IOException {
        Path file = folder.resolve("a.jpg");
        ImageIO.write(evenly(16, 8), "jpg", file.toFile());

        HostTensor read = ImageFile.read(file, Channels.GRAY);

        assertEquals(Shape.of(1, 8, 16), read.shape());
        for (float value : read.toFloats()) {
            assertEquals(0x80 / 255f, value, 0.01f);
        }
    }

    @Test
    void greyPicturesAreReadAsTheirSamplesStandInTheFile() throws IOException {
        int[] samples = {0, 64, 128, 255};
        float[] shades = {0, 64 / 255f, 128 / 255f, 1};
        Path file = folder.resolve("grey.png");
        ImageIO.write(grey(BufferedImage.TYPE_BYTE_GRAY, samples), "png", file.toFile());

        assertArrayEquals(shades, ImageFile.read(file, Channels.GRAY).toFloats());
        assertArrayEquals(
                repeated(shades, shades, shades), ImageFile.read(file, Channels.RGB).toFloats());
        assertArrayEquals(
                repeated(shades, shades, shades, new float[] {1, 1, 1, 1}),
                ImageFile.read(file, Channels.RGBA).toFloats());
    }

    @Test
    void greyPicturesOf16BitsKeepAllOfThem() throws IOException {
        int[] samples = {0, 1, 16_448, 65_535};
        Path file = folder.resolve("grey.png");
        ImageIO.write(grey(BufferedImage.TYPE_USHORT_GRAY, samples), "png", file.toFile());

        assertArrayEquals(
                new float[] {0, 1 / 65_535f, 16_448 / 65_535f, 1},
                ImageFile.read(file, Channels.GRAY).toFloats());
    }

    @Test
    void greyPicturesKeepTheirOpacity() throws IOException {
        var colours =
                new ComponentColorModel(
                        ColorSpace.getInstance(ColorSpace.CS_GRAY),
                        true,
                        false,
                        Transparency.TRANSLUCENT,
                        DataBuffer.TYPE_BYTE);
        WritableRaster raster = colours.createCompatibleWritableRaster(2, 1);
        raster.setPixels(0, 0, 2, 1, new int[] {64, 255, 128, 51});
        Path file = folder.resolve("grey.png");
        ImageIO.write(new BufferedImage(colours, raster, false, null), "png", file.toFile());

        float[] shades = {64 / 255f, 128 / 255f};
        assertArrayEquals(
                repeated(shades, shades, shades, new float[] {1, 0.2f}),
                ImageFile.read(file, Channels.RGBA).toFloats());
        assertArrayEquals(shades, ImageFile.read(file, Channels.GRAY).toFloats());
    }

    @Test
    void palettesAreReadAsTheirColours() throws IOException {
        byte[] red = {0, 64};
        byte[] green = {0, 64};
        byte[] blue = {51, 64};
        var palette = new IndexColorModel(8, 2, red, green, blue);
        var picture = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
        picture.getRaster().setSample(1, 0, 0, 1);
        Path file = folder.resolve("palette.png");
        ImageIO.write(picture, "png", file.toFile());

        float grey = 64 / 255f;
        assertArrayEquals(
                new float[] {0, grey, 0, grey, 0.2f, grey},
                ImageFile.read(file, Channels.RGB).toFloats());
    }

    @Test
    void greyJpegFilesAreReadAsTheirSamplesStandInTheFile() throws IOException {
        Path file = folder.resolve("grey.jpg");
        int[] samples = new int[64];
        Arrays.fill(samples, 64);
        ImageIO.write(grey(BufferedImage.TYPE_BYTE_GRAY, samples), "jpg", file.toFile());

        for (float value : ImageFile.read(file, Channels.RGB).toFloats()) {
            assertEquals(64 / 255f, value, 0.01f);
        }
    }

    @Test
    void whatIsNoPictureIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no picture");
        Path large = folder.resolve("large.png");
        ImageIO.write(evenly(30, 20), "png", large.toFile());

        assertRefused(
                text + ": is no picture of a format that can be read, as PNG and JPEG",
                () -> ImageFile.read(text, Channels.RGB));
        assertRefused(
                large + ": has 30 × 20 pixels; at most 599 may be read: give a higher limit",
                () -> ImageFile.read(large, Channels.RGB, 599));
        assertEquals(Shape.of(3, 20, 30), ImageFile.read(large, Channels.RGB, 600).shape());
    }

    @Test
    void whatIsNoPictureIsNotWritten() {
        Path file = folder.resolve("a.png");
        assertIllegal(
                "ImageFile.write: the tensor is float64 [1, 1, 1]; it needs float32 [channels, height, width]",
                () -> ImageFile.write(file, HostTensor.of(new double[1], Shape.of(1, 1, 1))));
        assertIllegal(
                "ImageFile.write: [2, 1, 1] has 2 channels; a picture has 1, 3 or 4",
                () -> ImageFile.write(file, HostTensor.of(new float[2], Shape.of(2, 1, 1))));
        assertIllegal(
                "ImageFile.write: [1, 0, 1] has no pixel; a picture has one or more",
                () -> ImageFile.write(file, HostTensor.of(new float[0], Shape.of(1, 0, 1))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void aDamagedFileGivesAPictureOrIsRefused(String format) throws IOException {
        Path file = folder.resolve("damaged");
        ImageIO.write(evenly(13, 9), format, file.toFile());
        byte[] good = Files.readAllBytes(file);
        int refused = 0;
        for (int seed = 0; seed < DAMAGED_FILES; seed++) {
            var random = new SplittableRandom(seed);
            byte[] bytes =
                    random.nextInt(8) == 0
                            ? Arrays.copyOf(good, random.nextInt(1, good.length))
                            : good.clone();
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            try {
                ImageFile.read(file, Channels.RGBA, 1 << 16);
            } catch (ImageFileException e) {
                refused++;
                assertEquals(file, e.file());
            }
        }
        assertTrue(refused > 0);
    }

    private static BufferedImage grey(int type, int... samples) {
        var picture = new BufferedImage(samples.length, 1, type);
        picture.getRaster().setPixels(0, 0, samples.length, 1, samples);
        return picture;
    }

    private static float[] repeated(float[]... channels) {
        float[] all = new float[channels.length * channels[0].length];
        for (int i = 0; i < all.length; i++) {
            all[i] = channels[i / channels[0].length][i % channels[0].length];
        }
        return all;
    }

    private static BufferedImage evenly(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, 0x808080);
        }
        return image;
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(ImageFileException.class, call).getMessage());
    }

    private static void assertIllegal(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
