"""The errors of `learn`, each with the words that cure it.

LearnError (a ValueError)
|- LayersError         sizes or arrays that do not make a feedforward network, images of another width
|- DataError           a data set that is missing, broken or does not fit
|  `- DownloadError    a data set that no mirror could give
|- TrainingError       settings that cannot train, or a training that diverged
|- ModelError          a saved network that cannot be written or read
|- StripError          an image that cannot be read, or in which no digit is found
|- PictureError        a picture of nothing, a picture or log of a file type that is not written
`- ConvertError        a perceptron network that is not a layered sigmoid network
"""


class LearnError(ValueError):
    """Anything `learn` refuses; catch this one to catch them all."""


class LayersError(LearnError):
    """Sizes or arrays that do not make a feedforward network, or images that do not fit its inputs."""


class DataError(LearnError):
    """A data set that is missing, broken or does not fit."""


class DownloadError(DataError):
    """A data set that no mirror could give; the message lists what was tried."""


class TrainingError(LearnError):
    """Settings that cannot train, or a training whose numbers stopped being finite."""


class ModelError(LearnError):
    """A saved network that cannot be written or read."""


class StripError(LearnError):
    """An image that cannot be read, or in which no digit is found."""


class PictureError(LearnError):
    """A picture of nothing, in a file type that is not drawn, or in a place that cannot be written."""


class ConvertError(LearnError):
    """A `perceptron.Network` that is not a fully connected, layered sigmoid network."""
