"""Lightning's callbacks and loggers: only user code that extends them matters here."""


class Callback:
    def __init__(self, *args, **kwargs):
        pass


class ModelCheckpoint(Callback):
    pass


class EarlyStopping(Callback):
    pass


class LearningRateMonitor(Callback):
    pass


class Logger:
    def __init__(self, *args, **kwargs):
        pass


class TensorBoardLogger(Logger):
    pass


class WandbLogger(Logger):
    pass


class CSVLogger(Logger):
    pass
