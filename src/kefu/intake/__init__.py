"""What a customer says when a conversation begins: the topic, a wish to be passed on."""
