"""What the face did, frame by frame."""
