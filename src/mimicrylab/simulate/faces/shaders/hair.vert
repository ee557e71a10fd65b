uniform mat4 camera;
uniform float pixel;   // size of a pixel at distance 1 (units of the base mesh)
uniform vec3 base;
uniform float shine;
in vec3 position;
in vec3 tangent;
in vec3 side;      // offset across (-1, 1), half width, place along the strand (0 root, 1 tip)
in vec2 look;      // tint, how open to light
out vec4 v_colour;

float strand(vec3 t, vec3 l) { float c = dot(t, l); return sqrt(max(1.0 - c * c, 0.0)); }
float lobe(vec3 t, vec3 l, vec3 v, float power) {
    float c = dot(t, normalize(l + v));
    return pow(sqrt(max(1.0 - c * c, 0.0)), power);
}

void main() {
    vec3 v = normalize(eye - position), t = normalize(tangent);
    vec3 across = normalize(cross(t, v));
    float least = 0.6 * pixel * length(eye - position);
    float half_width = max(side.y, least);
    vec3 n = normalize(cross(across, t));
    n = dot(n, v) < 0.0 ? -n : n;
    float shade = find_shadow(position, n);
    float deep = mix(0.35, 1.0, smoothstep(0.0, 0.55, side.z)) * look.y;
    vec3 albedo = base * (1.0 + 0.45 * look.x) * deep;
    vec3 light = key_colour * strand(t, key_direction) * (0.3 + 0.7 * shade) * 0.75
        + fill_colour * strand(t, fill_direction) * 0.6 + rim_colour * strand(t, rim_direction) + light_ambient(n);
    vec3 gloss = key_colour * (lobe(t, key_direction, v, 60.0) * 0.10 + lobe(t, key_direction, v, 14.0) * albedo * 0.9) * shade
        + rim_colour * lobe(t, rim_direction, v, 20.0) * 0.12 + fill_colour * lobe(t, fill_direction, v, 20.0) * albedo * 0.4;
    float cover = side.y / half_width * (1.0 - 0.6 * smoothstep(0.7, 1.0, side.z));
    v_colour = vec4(develop(albedo * light + gloss * shine * deep), cover);
    gl_Position = camera * vec4(position + across * side.x * half_width, 1.0);
}
