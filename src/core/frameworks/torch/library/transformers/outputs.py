"""Model outputs: objects with named fields that also read as dicts and, without what is None, as tuples."""


class ModelOutput:
    _fields = ()

    def __init__(self, *args, **kwargs):
        for name in self._fields:
            setattr(self, name, None)
        for name, value in zip(self._fields, args):
            setattr(self, name, value)
        for name, value in kwargs.items():
            setattr(self, name, value)

    def items(self):
        return [(k, v) for k, v in self.__dict__.items() if v is not None]

    def keys(self):
        return [k for k, _ in self.items()]

    def values(self):
        return [v for _, v in self.items()]

    def to_tuple(self):
        return tuple(self.values())

    def get(self, key, default=None):
        return getattr(self, key, default)

    def __getitem__(self, k):
        if isinstance(k, str):
            return dict(self.items())[k]
        return self.to_tuple()[k]

    def __setitem__(self, key, value):
        setattr(self, key, value)

    def __contains__(self, key):
        return key in self.keys()

    def __iter__(self):
        return iter(self.keys())

    def __len__(self):
        return len(self.items())


def _output(name, fields):
    return type(name, (ModelOutput,), {"_fields": tuple(fields.split())})


_STATE = "last_hidden_state "
_SEEN = " hidden_states attentions"
_DECODED = "past_key_values decoder_hidden_states decoder_attentions cross_attentions encoder_last_hidden_state encoder_hidden_states encoder_attentions"

BaseModelOutput = _output("BaseModelOutput", _STATE + _SEEN)
BaseModelOutputWithNoAttention = _output("BaseModelOutputWithNoAttention", _STATE + "hidden_states")
BaseModelOutputWithPooling = _output("BaseModelOutputWithPooling", _STATE + "pooler_output" + _SEEN)
BaseModelOutputWithPoolingAndNoAttention = _output(
    "BaseModelOutputWithPoolingAndNoAttention", _STATE + "pooler_output hidden_states"
)
BaseModelOutputWithPoolingAndCrossAttentions = _output(
    "BaseModelOutputWithPoolingAndCrossAttentions",
    _STATE + "pooler_output hidden_states past_key_values attentions cross_attentions",
)
BaseModelOutputWithPast = _output("BaseModelOutputWithPast", _STATE + "past_key_values" + _SEEN)
BaseModelOutputWithCrossAttentions = _output("BaseModelOutputWithCrossAttentions", _STATE + _SEEN + " cross_attentions")
BaseModelOutputWithPastAndCrossAttentions = _output(
    "BaseModelOutputWithPastAndCrossAttentions",
    _STATE + "past_key_values" + _SEEN + " cross_attentions",
)
MoeModelOutputWithPast = _output("MoeModelOutputWithPast", _STATE + "past_key_values" + _SEEN + " router_logits")
Seq2SeqModelOutput = _output("Seq2SeqModelOutput", _STATE + _DECODED)
CausalLMOutput = _output("CausalLMOutput", "loss logits" + _SEEN)
CausalLMOutputWithPast = _output("CausalLMOutputWithPast", "loss logits past_key_values" + _SEEN)
CausalLMOutputWithCrossAttentions = _output(
    "CausalLMOutputWithCrossAttentions",
    "loss logits past_key_values" + _SEEN + " cross_attentions",
)
MoeCausalLMOutputWithPast = _output(
    "MoeCausalLMOutputWithPast", "loss aux_loss logits past_key_values" + _SEEN + " router_logits"
)
MaskedLMOutput = _output("MaskedLMOutput", "loss logits" + _SEEN)
Seq2SeqLMOutput = _output("Seq2SeqLMOutput", "loss logits " + _DECODED)
NextSentencePredictorOutput = _output("NextSentencePredictorOutput", "loss logits" + _SEEN)
SequenceClassifierOutput = _output("SequenceClassifierOutput", "loss logits" + _SEEN)
SequenceClassifierOutputWithPast = _output("SequenceClassifierOutputWithPast", "loss logits past_key_values" + _SEEN)
MultipleChoiceModelOutput = _output("MultipleChoiceModelOutput", "loss logits" + _SEEN)
TokenClassifierOutput = _output("TokenClassifierOutput", "loss logits" + _SEEN)
QuestionAnsweringModelOutput = _output("QuestionAnsweringModelOutput", "loss start_logits end_logits" + _SEEN)
ImageClassifierOutput = _output("ImageClassifierOutput", "loss logits" + _SEEN)
ImageClassifierOutputWithNoAttention = _output("ImageClassifierOutputWithNoAttention", "loss logits hidden_states")
SemanticSegmenterOutput = _output("SemanticSegmenterOutput", "loss logits" + _SEEN)
DepthEstimatorOutput = _output("DepthEstimatorOutput", "loss predicted_depth" + _SEEN)
BackboneOutput = _output("BackboneOutput", "feature_maps" + _SEEN)
