package tensor.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/// Makes channels of the pixels of a picture.
///
/// A grey picture is read as its samples stand in the file. The platform would take them for amounts of light, and brighten
/// them on their way to colours: 64 of 255 to 137.
final class Pixels {
    private Pixels() {}

    /// {@return the channels, one after the other, row by row}
    static float[] values(BufferedImage picture, Channels channels) {
        int pixels = Math.multiplyExact(picture.getWidth(), picture.getHeight());
        float[] values = new float[Math.multiplyExact(channels.count(), pixels)];
        ColorModel colours = picture.getColorModel();
        boolean isGrey =
                colours.getColorSpace().getType() == ColorSpace.TYPE_GRAY
                        && !(colours instanceof IndexColorModel);
        if (isGrey) {
            readGrey(picture, channels, values);
        } else {
            readColours(picture, channels, values);
        }
        return values;
    }

    /// Samples of any size, from 0 to 1.
    private static void readGrey(BufferedImage picture, Channels channels, float[] values) {
        Raster raster = picture.getRaster();
        ColorModel colours = picture.getColorModel();
        float[] samples = new float[colours.getNumComponents()];
        int pixels = values.length / channels.count();
        @Nullable Object sample = null;
        for (int pixel = 0; pixel < pixels; pixel++) {
            sample =
                    raster.getDataElements(
                            pixel % raster.getWidth(), pixel / raster.getWidth(), sample);
            colours.getNormalizedComponents(sample, samples, 0);
            float opacity = colours.hasAlpha() ? samples[1] : 1;
            for (int channel = 0; channel < channels.count(); channel++) {
                values[channel * pixels + pixel] = Channels.ofGrey(samples[0], opacity, channel);
            }
        }
    }

    private static void readColours(BufferedImage picture, Channels channels, float[] values) {
        int width = picture.getWidth();
        int pixels = values.length / channels.count();
        int[] row = new int[width];
        for (int y = 0; y < picture.getHeight(); y++) {
            picture.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < channels.count(); channel++) {
                    values[channel * pixels + y * width + x] = channels.of(row[x], channel);
                }
            }
        }
    }
}
