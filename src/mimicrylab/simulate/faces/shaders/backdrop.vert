in vec2 corner;
out vec2 v_corner;
void main() { v_corner = corner; gl_Position = vec4(corner, 0.9999, 1.0); }
