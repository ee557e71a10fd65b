in vec2 v_corner;
out vec4 colour;
uniform vec3 base;
uniform float vignette;
void main() {
    float far = length(v_corner - vec2(-0.25, 0.3));
    colour = vec4(develop(base * (1.15 - vignette * 0.3 * far)), 1.0);
}
